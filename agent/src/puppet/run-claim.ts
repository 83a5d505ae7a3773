import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive, processMark, type ProcessMark } from '@muster/runtime/processes';
import type { PuppetFiles } from './files.ts';

/** A run that was started through us, from the moment before its program begins. */
export interface RunClaim {
  readonly process: ProcessMark;
  /** It first sleeps for a while. */
  readonly waits: boolean;
}

/** The right to start a run; nobody else gets one until it is given up, or the run that took it over has ended. */
export interface HeldClaim {
  /** Hands the claim to the run's process. */
  passTo(pid: number): Promise<void>;
  giveUp(): Promise<void>;
}

/**
 * Puppet itself locks only while it applies a catalog, seconds after its program has begun, and `puppet apply` not at all. So we
 * note which run we started, in `muster_run/N` beside Puppet's lock: the highest number counts, and each is made only once.
 */
const folderOf = ({ agent_catalog_run_lockfile: lock }: PuppetFiles): string => join(dirname(lock), 'muster_run');

async function numbersIn(folder: string): Promise<readonly number[]> {
  try {
    return (await readdir(folder))
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((left, right) => right - left);
  } catch {
    return [];
  }
}

async function readClaim(file: string): Promise<RunClaim | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as RunClaim; // we wrote it
  } catch {
    return undefined;
  }
}

/** The run that was started through us and has not ended. */
export async function runUnderWay(files: PuppetFiles): Promise<RunClaim | undefined> {
  const folder = folderOf(files);
  const [latest] = await numbersIn(folder);
  if (latest === undefined) return undefined;
  const claim = await readClaim(join(folder, String(latest)));
  return claim !== undefined && (await isAlive(claim.process)) ? claim : undefined;
}

const ignoreMissing = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch {
    // Another has removed it.
  }
};

/**
 * Claims the next run; undefined when another request was quicker, or a run is under way. A run that waits keeps only another one
 * that waits from beginning.
 */
export async function claimRun(files: PuppetFiles, waits: boolean): Promise<HeldClaim | undefined> {
  const folder = folderOf(files);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const numbers = await numbersIn(folder);
  const under = await runUnderWay(files);
  if (under !== undefined && (!under.waits || waits)) return undefined;
  const own = await processMark(process.pid);
  if (own === undefined) return undefined;
  const number = (numbers[0] ?? 0) + 1;
  const file = join(folder, String(number));
  const draft = join(folder, `draft-${randomUUID()}`);
  const write = (claimed: ProcessMark) =>
    writeFile(draft, JSON.stringify({ process: claimed, waits }), { mode: 0o640 });
  await write(own);
  try {
    await link(draft, file);
  } catch {
    return undefined;
  } finally {
    await unlink(draft);
  }
  const [highest] = await numbersIn(folder);
  if (highest !== number) {
    // Numbers went on while we looked; ours had been used before.
    await ignoreMissing(unlink(file));
    return undefined;
  }
  for (const old of numbers) await ignoreMissing(unlink(join(folder, String(old))));
  return {
    async passTo(pid) {
      // A run that has ended by now is marked as what it is: gone.
      await write((await processMark(pid)) ?? { pid, started: 'ended' });
      await rename(draft, file);
    },
    giveUp: () => ignoreMissing(unlink(file)),
  };
}
