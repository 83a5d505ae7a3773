import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes a program in JavaScript and gives its path, which has a blank in it. Node's own path may have one too, and the
 * first line of a script cannot name such an interpreter: hence the shell in between.
 */
export async function writeProgram(folder: string, source: string): Promise<string> {
  const script = join(folder, 'a script.mjs');
  await writeFile(script, source);
  const file = join(folder, 'a program');
  await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  await chmod(file, 0o700);
  return file;
}
