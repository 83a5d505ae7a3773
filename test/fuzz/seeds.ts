import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Inputs that are found are named by their content; any other name was given by a person. */
const foundName = /^[0-9a-f]{12}$/;

export const inputName = (input: Uint8Array): string => createHash('sha256').update(input).digest('hex').slice(0, 12);

/** All inputs in a folder, by name, in alphabetical order; none when there is no folder. */
export async function readInputs(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  if (!existsSync(folder)) return new Map();
  const names = (await readdir(folder)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

export async function writeInput(folder: string, input: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, inputName(input)), input);
}

/** Makes these the inputs of a folder, beside those that a person named. Returns how many are new. */
export async function keepInputs(folder: string, inputs: readonly Uint8Array[]): Promise<number> {
  const before = await readInputs(folder);
  const wanted = new Set(inputs.map(inputName));
  for (const name of before.keys()) {
    if (foundName.test(name) && !wanted.has(name)) await rm(join(folder, name));
  }
  for (const input of inputs) await writeInput(folder, input);
  return [...wanted].filter((name) => !before.has(name)).length;
}
