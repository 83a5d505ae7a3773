import type { AvailablePackage } from './provider.ts';

/** Lines that end what can be updated: below them stands what replaces what. */
const endOfUpdates = /^obsoleting packages/i;

/**
 * Reads the tables of yum and dnf: `NAME.ARCH VERSION REPO`. Where a column does not fit, the rest of the row stands on the next
 * lines, behind blanks. Lines of other shapes are notes.
 */
export function parseDnfTable(stdout: string): readonly AvailablePackage[] {
  const packages: AvailablePackage[] = [];
  let row: readonly string[] = [];
  for (const line of stdout.split('\n')) {
    if (endOfUpdates.test(line)) break;
    const cells = line.split(/\s+/).filter((cell) => cell !== '');
    row = /^\s/.test(line) && row.length < 3 ? [...row, ...cells] : cells;
    const [label, version, repo, ...others] = row;
    if (label === undefined || version === undefined || repo === undefined || others.length > 0) continue;
    const [, name, arch] = /^(\S+)\.(\w+)$/.exec(label) ?? [];
    if (name !== undefined && arch !== undefined) packages.push({ package: name, version, arch, repo });
    row = [];
  }
  return packages;
}
