import type { Engine } from '@muster/client/engine';
import { ok, type Result } from '@muster/protocol/errors';

/** A command that was started on a node. */
export interface Job {
  readonly identity: string;
  readonly handle: string;
}

/** A job as the agent lists it. */
export interface ListedJob {
  readonly handle: string;
  readonly status: string;
  readonly command: string;
}

type Data = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The output `jobs` of the action `list`: objects by handle, or a list of them. */
export function jobsOf({ jobs }: Data): readonly ListedJob[] {
  if (!isRecord(jobs)) return [];
  return Object.entries(jobs).flatMap(([key, job]) => {
    if (!isRecord(job)) return [];
    const handle = text(job['handle'] ?? job['id']) || (Array.isArray(jobs) ? '' : key);
    return handle === '' ? [] : [{ handle, status: text(job['status']), command: text(job['command']) }];
  });
}

/**
 * The jobs with these handles, wherever they are. What is asked is kept by no history.
 *
 * Errors: those of `Engine.ask`.
 */
export async function locateJobs(
  engine: Engine,
  nodes: { readonly identities: readonly string[]; readonly collective: string; readonly timeoutMs: number },
  handles: readonly string[],
  signal: AbortSignal,
): Promise<Result<readonly Job[]>> {
  const found: Job[] = [];
  const asked = await engine.ask({
    ...nodes,
    agent: 'shell',
    action: 'list',
    inputs: {},
    signal,
    onAnswer: ({ identity, data }) => {
      for (const { handle } of jobsOf(data)) if (handles.includes(handle)) found.push({ identity, handle });
    },
  });
  return asked.ok ? ok(found) : asked;
}
