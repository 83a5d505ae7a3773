import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@muster/runtime/processes';

/** `failed`: it was started and nobody can say how it ended. */
export type JobState = 'starting' | 'running' | 'stopped' | 'failed';

/** A job as it is now. */
export interface Job {
  readonly about: Readonly<Record<string, unknown>>;
  readonly state: JobState;
  /** 128 and the number of the signal where a signal ended it. Absent until it has stopped. */
  readonly exitCode?: number;
  readonly startedAtMs: number;
  /** Absent while it runs. */
  readonly endedAtMs?: number;
  /** The process group, while it runs. */
  readonly group?: number;
}

/** How long a job may take until its keeper has written its number, in milliseconds. */
const startingMs = 30_000;

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

async function changedAtMs(file: string): Promise<number> {
  return (await stat(file)).mtimeMs;
}

/** The keeper of a job, while it lives. */
async function keeperOf(folder: string): Promise<number | 'gone' | 'unknown'> {
  const [pid, startTicks] = ((await readText(join(folder, 'pid'))) ?? '').split(' ').map(Number);
  if (pid === undefined || startTicks === undefined) return 'unknown';
  return (await isAlive({ pid, started: String(startTicks) })) ? pid : 'gone';
}

/** The job of that folder; undefined where there is none. */
export async function readJob(folder: string, nowMs: number): Promise<Job | undefined> {
  const aboutFile = join(folder, 'about.json');
  const text = await readText(aboutFile);
  if (text === undefined) return undefined;
  const about = JSON.parse(text) as Record<string, unknown>; // written by startJob
  const startedAtMs = await changedAtMs(aboutFile);
  const job = { about, startedAtMs };
  // Looked at before the exit status, which the keeper writes before it goes.
  const keeper = await keeperOf(folder);
  const status = await readText(join(folder, 'exitstatus'));
  if (status !== undefined) {
    const endedAtMs = await changedAtMs(join(folder, 'exitstatus'));
    return { ...job, state: 'stopped', exitCode: Number(status), endedAtMs };
  }
  if (typeof keeper === 'number') return { ...job, state: 'running', group: keeper };
  if (keeper === 'unknown' && nowMs - startedAtMs < startingMs) return { ...job, state: 'starting' };
  return { ...job, state: 'failed', endedAtMs: startedAtMs };
}

/** A part of what a job wrote. */
export interface OutputPart {
  readonly text: string;
  /** Byte from which to ask next time. */
  readonly next: number;
  /** Whether there is more by now. */
  readonly isCut: boolean;
}

/** How many bytes at the end belong to a character of UTF-8 that goes on behind them. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** What a job wrote from a byte on, as whole characters and at most so many bytes. */
export async function readOutput(
  folder: string,
  stream: 'stdout' | 'stderr',
  from: number,
  maxBytes: number,
): Promise<OutputPart> {
  const file = await open(join(folder, stream));
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, from);
    const bytes = buffer.subarray(0, bytesRead);
    // The rest of a character at the end of what there is may still be on its way.
    const whole = bytes.subarray(0, bytes.length - unfinishedBytes(bytes));
    const taken = whole.length === 0 ? bytes : whole;
    return { text: taken.toString('utf8'), next: from + taken.length, isCut: from + taken.length < size };
  } finally {
    await file.close();
  }
}
