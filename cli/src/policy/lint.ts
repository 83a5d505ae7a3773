import { ok, type Result } from '@muster/protocol/errors';
import { readPolicies } from '@muster/protocol/policy';
import { lintPolicies } from '@muster/protocol/policy-lint';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { createPalette } from '../output/palette.ts';
import type { Surroundings } from '../surroundings.ts';
import { findingText } from './findings.ts';
import { readDdls, type DdlFlags } from './read-ddls.ts';

export interface PolicyLintFlags extends DdlFlags {
  readonly json?: true;
}

/** `muster policy lint`: what in a folder never matches, or denies more than it says. Exit code 0 nothing, 1 something, 2 error. */
export async function lintPolicyFolder(
  path: string,
  flags: PolicyLintFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdout } = surroundings;
  const folder = await surroundings.readPolicies(path);
  if (!folder.ok) return folder;
  const ddls = await readDdls(flags, surroundings);
  if (!ddls.ok) return ddls;
  const { sources, others } = folder.value;
  const findings = lintPolicies(readPolicies(sources), { ddls: ddls.value, others });
  if (flags.json === true) stdout.write(`${cleanJson(findings, 1)}\n`);
  else {
    const palette = createPalette(stdout.colours);
    for (const finding of findings) stdout.write(findingText(finding, path, palette));
  }
  return ok(findings.length === 0 ? exitCodes.ok : exitCodes.denied);
}
