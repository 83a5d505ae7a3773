import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '@muster/protocol/errors';
import type { ActionCall } from '../api/index.ts';
import { keeperScript } from './keeper.ts';

/** What to run, and where to keep it. */
export interface JobPlan {
  /** The job's folder; made here. */
  readonly folder: string;
  /** The command: a program and its arguments. */
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Text for its standard input, which is never stored; none by default. */
  readonly input?: string;
  /** JSON to remember. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Who the command runs as, where that is not the agent's user: owns its output, since programs open `/dev/stdout`. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** A folder to remove once the command has ended. */
  readonly leftover?: string;
}

/**
 * Starts a job. Gives the number of its keeper.
 *
 * Errors: `internal` when it cannot be started; nothing is left of it then.
 */
export async function startJob(plan: JobPlan, startDetached: ActionCall['startDetached']): Promise<Result<number>> {
  const { folder, words, environment, cwd, input, about, owner, leftover = '' } = plan;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'about.json'), JSON.stringify(about), { mode: 0o600 });
  for (const file of [join(folder, 'stdout'), join(folder, 'stderr')]) {
    await writeFile(file, '', { mode: 0o600 });
    if (owner !== undefined) await chown(file, owner.uid, owner.gid);
  }
  const started = await startDetached('/bin/sh', ['-c', keeperScript, 'sh', folder, leftover, ...words], {
    ...(environment === undefined ? {} : { environment }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? {} : { input }),
    ...(owner === undefined ? {} : { inputOwner: owner }),
  });
  if (!started.ok) await rm(folder, { recursive: true });
  return started;
}
