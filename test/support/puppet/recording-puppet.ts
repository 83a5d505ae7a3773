import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeProgram } from '../write-program.ts';

/** How Puppet was started, had it been Puppet. */
export interface PuppetStart {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
  /** The manifest that it was given to apply. */
  readonly manifest?: string;
}

/** A program in Puppet's place that does nothing but write down how it was started; a fiftieth of Puppet's work. */
export interface RecordingPuppet {
  readonly program: string;
  /** The starts since this was last asked, of programs that have ended. */
  takeStarts(): Promise<readonly PuppetStart[]>;
}

/** A program that is killed half way leaves a file of another name. */
const source = (records: string) => `
  import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
  const words = process.argv.slice(2);
  const last = words.at(-1) ?? '';
  const manifest = words[0] === 'apply' && existsSync(last) ? readFileSync(last, 'utf8') : undefined;
  const start = { words, environment: process.env, input: readFileSync(0, 'utf8'), manifest };
  const half = ${JSON.stringify(records)} + '/' + process.pid;
  writeFileSync(half, JSON.stringify(start));
  renameSync(half, half + '.json');
`;

/** Writes the program into a folder, which must be there. */
export async function createRecordingPuppet(folder: string): Promise<RecordingPuppet> {
  const records = join(folder, 'starts');
  await mkdir(records);
  return {
    program: await writeProgram(folder, source(records)),
    async takeStarts() {
      const files = (await readdir(records))
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(records, name));
      // Our own program wrote them.
      const starts = await Promise.all(
        files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as PuppetStart),
      );
      await Promise.all(files.map((file) => rm(file)));
      return starts;
    },
  };
}
