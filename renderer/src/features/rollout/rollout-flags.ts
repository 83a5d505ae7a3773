import type { Amount, Tolerance } from '@muster/protocol/bridge';
import type { RolloutPlan } from './rollout-plan.ts';

/** Pause between batches of the command line where no flag says so, in milliseconds. */
const usualSleepMs = 1000;

const periods = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1000 },
] as const;

const sizeFlag = ({ unit, amount }: Amount | Tolerance): string => `${amount}${unit === 'percent' ? '%' : ''}`;

/** A period as `--until` reads it, in whole seconds: `2h`, `1d12h`. */
function periodFlag(ms: number): string {
  let rest = Math.max(1000, Math.ceil(ms / 1000) * 1000);
  const parts: string[] = [];
  for (const period of periods) {
    const count = Math.floor(rest / period.ms);
    rest -= count * period.ms;
    if (count > 0) parts.push(`${count}${period.unit}`);
  }
  return parts.join('');
}

/** A moment as `--until` reads it wherever the command runs. */
const momentFlag = (timeMs: number): string => new Date(timeMs).toISOString().replace(/(?::00)?\.000Z$/, 'Z');

/**
 * How a run goes over the fleet, as flags of `muster rpc`. `countsFromMs` is when nodes that are away begin to be waited for, where that is for so long
 * from the start of the run; null where it is until a fixed time.
 */
export function rolloutFlags(
  { batch, rollout = {}, untilMs, deliveryMs }: RolloutPlan,
  countsFromMs: number | null,
): readonly string[] {
  const { canary, concurrency, maxErrors, lock } = rollout;
  const until =
    untilMs === undefined ? null : countsFromMs === null ? momentFlag(untilMs) : periodFlag(untilMs - countsFromMs);
  return [
    ...(canary === undefined ? [] : ['--canary', sizeFlag(canary.size), ...(canary.hold ? ['--canary-hold'] : [])]),
    ...(batch === undefined ? [] : ['--batch', sizeFlag(batch.size)]),
    ...(batch === undefined || batch.sleepMs === usualSleepMs ? [] : ['--batch-sleep', String(batch.sleepMs / 1000)]),
    ...(concurrency === undefined ? [] : ['--concurrency', sizeFlag(concurrency)]),
    ...(maxErrors === undefined ? [] : ['--max-errors', sizeFlag(maxErrors)]),
    ...(lock === true ? ['--one-at-a-time'] : []),
    ...(until === null ? [] : ['--until', until]),
    ...(deliveryMs === undefined ? [] : ['--delivery-timeout', String(deliveryMs / 1000)]),
  ];
}
