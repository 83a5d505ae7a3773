import type { Amount, RunOrder, Tolerance } from '@muster/protocol/bridge';
import { formatDeadline, formatNumber, formatPeriod } from '../../texts/format.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.rollout;

type Ordered = Pick<RunOrder, 'batch' | 'rollout' | 'untilMs'>;

/** How many of `total` nodes an amount is: a share is rounded up, and is one node at least. */
export const countOf = ({ unit, amount }: Amount, total: number): number =>
  Math.min(total, unit === 'nodes' ? amount : Math.max(1, Math.ceil((total * amount) / 100)));

/** How many of `total` nodes may fail: a share is rounded down. */
export const allowedOf = ({ unit, amount }: Tolerance, total: number): number =>
  unit === 'nodes' ? amount : Math.floor((total * amount) / 100);

/** Whether a run asks all of its nodes at once, come what may, and waits for none that are away. */
export const isPlain = ({ batch, rollout, untilMs }: Ordered): boolean =>
  batch === undefined && rollout === undefined && untilMs === undefined;

/** A size in words; of a share also how many nodes that is, where it is known of how many. */
function sizeInWords(size: Amount | Tolerance, count: number | null): string {
  return size.unit === 'nodes' ? formatNumber(size.amount) : words.share(`${size.amount} %`, count);
}

function courseInWords({ batch, rollout = {} }: Ordered, total: number | null): readonly string[] {
  const counted = (size: Amount) => (total === null ? null : countOf(size, total));
  const { canary, concurrency } = rollout;
  const first =
    canary === undefined
      ? []
      : [
          canary.size.unit === 'nodes'
            ? words.canaries(formatNumber(canary.size.amount), canary.size.amount === 1)
            : words.canaryShare(`${canary.size.amount} %`, counted(canary.size)),
          ...(canary.hold ? [words.thenWord] : []),
        ];
  const pause = batch === undefined || batch.sleepMs === 0 ? null : formatPeriod(batch.sleepMs);
  const pace =
    batch !== undefined
      ? words.batches(sizeInWords(batch.size, counted(batch.size)), pause)
      : concurrency !== undefined
        ? words.window(sizeInWords(concurrency, counted(concurrency)))
        : null;
  if (pace === null) return first.length === 0 ? [words.atOnce] : [...first, words.thenAll];
  return first.length === 0 ? [pace] : [...first, words.then(pace)];
}

/**
 * What will happen, in one sentence: `2 canaries first, then your word, then 10 at a time, stops when more than 3 fail; nodes that
 * are away get it until Fri 27 Nov, 18:00`. `total`: how many nodes it is for, null when that is not known.
 */
export function rolloutInWords(order: Ordered & { ttlMs: number }, total: number | null, nowMs: number): string {
  const { maxErrors, lock } = order.rollout ?? {};
  const stops =
    maxErrors === undefined
      ? []
      : maxErrors.amount === 0
        ? [words.stopsAtFirst]
        : [words.stopsAfter(sizeInWords(maxErrors, total === null ? null : allowedOf(maxErrors, total)))];
  const course = [...courseInWords(order, total), ...stops, ...(lock === true ? [words.locked] : [])].join(', ');
  const away =
    order.untilMs === undefined
      ? words.awaySoon(formatPeriod(order.ttlMs))
      : words.awayUntilWhen(formatDeadline(order.untilMs, nowMs));
  const sentence = `${course}; ${away}`;
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
}
