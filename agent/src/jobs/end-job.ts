import { rename, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { killTree, signalGroup } from '../processes/index.ts';
import { readJob, type Job } from './read-job.ts';

/** How long a job has to end once it is told to, in milliseconds, as commands have. */
const graceMs = 2_000;
const lookEveryMs = 50;

/** Waits until a job has ended, or until the deadline or an abort. Gives it as it is then. */
export async function waitForJob(
  folder: string,
  until: { readonly deadlineMs: number; readonly clock: () => number; readonly signal?: AbortSignal },
): Promise<Job | undefined> {
  for (;;) {
    const job = await readJob(folder, until.clock());
    const isOver = job === undefined || job.endedAtMs !== undefined;
    if (isOver || until.clock() >= until.deadlineMs || until.signal?.aborted === true) return job;
    await pause(lookEveryMs);
  }
}

/**
 * Tells all processes of a job to end, and after 2 s kills those that have not, with all that they started. Gives the job as
 * it is then; undefined where there is none.
 */
export async function endJob(folder: string, clock: () => number): Promise<Job | undefined> {
  // What is starting may be told as soon as there is somebody to tell.
  const job = await waitForStart(folder, clock);
  if (job?.group === undefined) return job;
  signalGroup(job.group, 'SIGTERM');
  signalGroup(job.group, 'SIGCONT');
  const ended = await waitForJob(folder, { deadlineMs: clock() + graceMs, clock });
  if (ended?.group === undefined) {
    // What the command left behind in its group is part of the job, too.
    signalGroup(job.group, 'SIGKILL');
    return ended;
  }
  killTree(ended.group);
  // The keeper went down with the command, so it is said here how that ended.
  const file = join(folder, 'exitstatus');
  await writeFile(`${file}.new`, `${128 + constants.signals.SIGKILL}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return readJob(folder, clock());
}

async function waitForStart(folder: string, clock: () => number): Promise<Job | undefined> {
  for (;;) {
    const job = await readJob(folder, clock());
    if (job?.state !== 'starting') return job;
    await pause(lookEveryMs);
  }
}
