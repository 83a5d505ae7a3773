import type { Engine, Question } from '@muster/client/engine';
import { ok, type Result } from '@muster/protocol/errors';
import { cleanLine } from '../output/clean-text.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Job } from './jobs.ts';
import { createLinePrinter } from './line-printer.ts';

/** Between two looks at the jobs, in milliseconds. */
const pauseMs = 1000;
/** How long a node may take to tell of its job, in milliseconds. */
const patienceMs = 10_000;
/** Looks without an answer, one after the other, after which a job counts as lost. */
const mostSilences = 5;
/** Jobs that are looked at together. */
const atOnce = 50;

/** How a job ended; `lost` when its node does not tell any more. */
export type JobEnd = { readonly kind: 'ended'; readonly exitCode: number | null } | { readonly kind: 'lost' };

interface Watched extends Job {
  out: number;
  err: number;
  silences: number;
  /** It has written more than came with the last look. */
  more: boolean;
  end: JobEnd | null;
}

const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function sleep(ms: number, { every, interrupted }: Surroundings): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const wake = () => resolve(undefined);
  const stop = every(ms, wake);
  interrupted.addEventListener('abort', wake, { once: true });
  if (interrupted.aborted) wake();
  return promise.finally(() => {
    stop();
    interrupted.removeEventListener('abort', wake);
  });
}

/**
 * Follows jobs until all have ended or the person interrupts, and prints what they write: each line behind the name of its node,
 * what they write to STDERR on STDERR. Offsets are bytes, as the agent counts them.
 *
 * Errors: those of `Engine.ask`.
 */
export async function tailJobs(
  engine: Engine,
  jobs: readonly Job[],
  collective: string,
  surroundings: Surroundings,
): Promise<Result<readonly JobEnd[]>> {
  const { stdout, stderr, interrupted } = surroundings;
  const watched = jobs.map((job): Watched => ({ ...job, out: 0, err: 0, silences: 0, more: false, end: null }));
  const width = watched.reduce((widest, { identity }) => Math.max(widest, identity.length), 0);
  const printers = {
    stdout: createLinePrinter((lines) => stdout.write(lines)),
    stderr: createLinePrinter((lines) => stderr.write(lines)),
  };

  function take(job: Watched, { statusCode, statusMessage, data }: Parameters<Question['onAnswer']>[0]): void {
    const label = `${job.identity.padStart(width)}: `;
    job.silences = 0;
    if (statusCode !== 0) {
      stderr.write(`${label}${cleanLine(statusMessage)}\n`);
      job.end = { kind: 'lost' };
      return;
    }
    const stream = `${job.identity} ${job.handle}`;
    for (const [name, offset] of [
      ['stdout', 'out'],
      ['stderr', 'err'],
    ] as const) {
      const piece = text(data[name]);
      job[offset] = numberOr(data[`${name}_offset`], job[offset] + Buffer.byteLength(piece));
      printers[name].add(stream, label, piece);
    }
    const status = text(data['status']);
    job.more = data['truncated'] === true;
    if (job.more || status === 'starting' || status === 'running') return;
    printers.stdout.flush([stream]);
    printers.stderr.flush([stream]);
    const exitCode = typeof data['exitcode'] === 'number' ? data['exitcode'] : null;
    job.end = { kind: 'ended', exitCode };
    if (exitCode !== 0) stderr.write(`${label}${exitCode === null ? cleanLine(status) : `exit code ${exitCode}`}\n`);
  }

  async function look(job: Watched): Promise<Result<void>> {
    // An answer sets it back.
    job.silences += 1;
    const asked = await engine.ask({
      agent: 'shell',
      action: 'status',
      inputs: { handle: job.handle, stdout_offset: job.out, stderr_offset: job.err },
      identities: [job.identity],
      collective,
      timeoutMs: patienceMs,
      signal: interrupted,
      onAnswer: (answer) => take(job, answer),
    });
    if (!asked.ok || job.silences < mostSilences || interrupted.aborted) return asked;
    stderr.write(`${job.identity.padStart(width)}: does not answer any more; its command may go on\n`);
    job.end = { kind: 'lost' };
    return asked;
  }

  for (;;) {
    const running = watched.filter(({ end }) => end === null);
    if (running.length === 0 || interrupted.aborted) break;
    for (let start = 0; start < running.length; start += atOnce) {
      for (const looked of await Promise.all(running.slice(start, start + atOnce).map(look)))
        if (!looked.ok) return looked;
    }
    const open = watched.filter(({ end }) => end === null);
    if (open.length > 0 && !open.some(({ more }) => more)) await sleep(pauseMs, surroundings);
  }
  return ok(watched.flatMap(({ end }) => (end === null ? [] : [end])));
}
