import type { Batch, Rollout, RunOrder } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RunFlags } from './run-flags.ts';
import { readUntil } from './until.ts';

/** MCollective's pause between batches, in milliseconds. */
const defaultBatchSleepMs = 1000;

/** How a run goes over its nodes, and how long each of them is waited for. */
export type Pace = Pick<RunOrder, 'batch' | 'rollout' | 'untilMs' | 'ttlMs' | 'timeoutMs' | 'deliveryMs' | 'noResults'>;

const contradiction = (message: string, mend = 'Leave one of them out.') => fail('usage.invalid', message, { mend });

function readBatch({ batch, batchSleep }: RunFlags): Result<Batch | undefined> {
  if (batch !== undefined) return ok({ size: batch, sleepMs: batchSleep ?? defaultBatchSleepMs });
  if (batchSleep === undefined) return ok(undefined);
  return contradiction('--batch-sleep needs --batch', 'Say with --batch how many nodes are asked at a time.');
}

function readRollout({
  canary,
  canaryHold,
  concurrency,
  maxErrors,
  oneAtATime,
}: RunFlags): Result<Rollout | undefined> {
  if (canary === undefined && canaryHold === true)
    return contradiction('--canary-hold needs --canary', 'Say with --canary how many nodes come first.');
  const rollout: Rollout = {
    ...(canary === undefined ? {} : { canary: { size: canary, hold: canaryHold === true } }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(maxErrors === undefined ? {} : { maxErrors }),
    ...(oneAtATime === undefined ? {} : { lock: oneAtATime }),
  };
  return ok(Object.keys(rollout).length === 0 ? undefined : rollout);
}

/** What cannot be had together. */
function checkTogether(flags: RunFlags, rollout: Rollout | undefined): Result<void> {
  const { batch, concurrency, results, ttl, until, detach } = flags;
  if (batch !== undefined && concurrency !== undefined)
    return contradiction('A run goes either in batches (--batch) or through a window (--concurrency)');
  if (until !== undefined && ttl !== undefined)
    return contradiction('--until says how long the request may be obeyed, and so does --ttl');
  if (results === false && rollout !== undefined)
    return contradiction('With --no-results nobody learns how the nodes fare, and a roll-out goes by that');
  if (detach !== true) return ok(undefined);
  if (results === false) return contradiction('--no-results waits for no answer, so there is nothing to detach from');
  const form = (['jsonl', 'table', 'senders'] as const).find((name) => flags[name] === true);
  if (form === undefined && flags.filterReplies === undefined) return ok(undefined);
  const mend = 'Leave one of them out; `muster runs attach` takes it later.';
  return contradiction(`--${form ?? 'filter-replies'} is about answers, and --detach prints none`, mend);
}

/** The pace that the flags set, counted from now. Errors: `usage.invalid` for flags that make no sense, or none together. */
export function readPace(flags: RunFlags, now: () => number): Result<Pace> {
  const batch = readBatch(flags);
  if (!batch.ok) return batch;
  const rollout = readRollout(flags);
  if (!rollout.ok) return rollout;
  const fits = checkTogether(flags, rollout.value);
  if (!fits.ok) return fits;
  const until = flags.until === undefined ? ok(undefined) : readUntil(flags.until, now());
  if (!until.ok) return until;
  return ok({
    ...(batch.value === undefined ? {} : { batch: batch.value }),
    ...(rollout.value === undefined ? {} : { rollout: rollout.value }),
    ...(until.value === undefined ? {} : { untilMs: until.value }),
    ...(flags.ttl === undefined ? {} : { ttlMs: flags.ttl }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    ...(flags.deliveryTimeout === undefined ? {} : { deliveryMs: flags.deliveryTimeout }),
    ...(flags.results === false ? { noResults: true } : {}),
  });
}
