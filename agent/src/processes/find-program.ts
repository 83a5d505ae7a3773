import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { commandPath } from './environment.ts';

/** Whether we may run that file. */
export const isExecutable = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The absolute path of a program as commands would find it; undefined where there is none. */
export async function findProgram(name: string): Promise<string | undefined> {
  const candidates = isAbsolute(name) ? [name] : commandPath().map((folder) => join(folder, name));
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  return undefined;
}
