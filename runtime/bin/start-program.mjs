import { existsSync, statSync } from 'node:fs';

/** @param {URL} file */
const changedMs = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Starts a program of ours with the Node that runs this, or ends with exit code 1 and says why it cannot. What is made of all parts in one piece starts
 * sooner; a checkout that was compiled since then has it older than they are.
 *
 * @param {{ name: string, bundled: URL, compiled: URL, parts: readonly string[] }} program `parts`: the packages that it is made of.
 */
export async function startProgram({ name, bundled, compiled, parts }) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 14)) {
    process.stderr.write(
      `${name} needs Node 22.14 or newer; this is ${process.version}. In a checkout, \`npx ${name}\` uses the right one.\n`,
    );
    process.exit(1);
  }
  const builtMs = changedMs(bundled);
  const isCurrent = parts.every(
    (part) => changedMs(new URL(`../../${part}/dist/.tsbuildinfo`, import.meta.url)) <= builtMs,
  );
  const entry = builtMs > 0 && isCurrent ? bundled : compiled;
  if (!existsSync(entry)) {
    process.stderr.write(`${name} is not built yet: run \`npm ci && npm run build\` in the repository first.\n`);
    process.exit(1);
  }
  await import(entry.href);
}
