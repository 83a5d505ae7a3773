import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJob, type Job } from './read-job.ts';

/** All jobs in a folder of job folders, by the names of theirs. A folder that is missing has none. */
export async function listJobs(root: string, nowMs: number): Promise<ReadonlyMap<string, Job>> {
  const jobs = new Map<string, Job>();
  for (const name of (await namesIn(root)).sort()) {
    const job = await readJob(join(root, name), nowMs);
    if (job !== undefined) jobs.set(name, job);
  }
  return jobs;
}

/** Removes the jobs that ended longer ago than that. */
export async function sweepJobs(root: string, keepMs: number, nowMs: number): Promise<void> {
  for (const [name, { endedAtMs }] of await listJobs(root, nowMs)) {
    if (endedAtMs !== undefined && endedAtMs + keepMs < nowMs) await rm(join(root, name), { recursive: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
