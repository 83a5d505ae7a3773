import type { RunOrder } from '@muster/protocol/bridge';
import { texts } from '../../texts/texts.ts';
import type { RolloutDraft } from './rollout-draft.ts';
import { readAmount, readDuration, readTolerance } from './typed-values.ts';

/** How a run goes over the fleet, as it is ordered. */
export type RolloutPlan = Pick<RunOrder, 'batch' | 'rollout' | 'untilMs' | 'deliveryMs'>;

/** Fields that can be wrong. */
export type RolloutField =
  'canarySize' | 'batchSize' | 'batchSleep' | 'windowSize' | 'mayFail' | 'awayFor' | 'awayUntil' | 'delivery';
export type RolloutFaults = Readonly<Partial<Record<RolloutField, string>>>;

/** The furthest ahead that nodes may be waited for, in milliseconds. */
const mostAheadMs = 30 * 86_400_000;
const longestSleepMs = 86_400_000;

type Read<T> = { readonly value: T } | { readonly fault: string };
const words = texts.rollout.faults;

const read = <T>(value: T | undefined, fault: string): Read<T> => (value === undefined ? { fault } : { value });

function readSleep(text: string): Read<number> {
  const ms = readDuration(text);
  return read(ms !== undefined && ms <= longestSleepMs ? ms : undefined, words.sleep);
}

function readUntil({ away, awayFor, awayUntil }: RolloutDraft, nowMs: number): Read<number> {
  if (away === 'while') {
    const ms = readDuration(awayFor);
    return read(ms !== undefined && ms > 0 && ms <= mostAheadMs ? nowMs + ms : undefined, words.awayFor);
  }
  const untilMs = new Date(awayUntil).getTime();
  if (Number.isNaN(untilMs)) return { fault: words.awayUntil };
  if (untilMs <= nowMs) return { fault: words.past };
  return read(untilMs <= nowMs + mostAheadMs ? untilMs : undefined, words.far);
}

function readDelivery(text: string): Read<number> {
  const ms = readDuration(text);
  return read(ms !== undefined && ms > 0 && ms <= longestSleepMs ? ms : undefined, words.delivery);
}

/** What the draft orders at a time, or what is wrong with it, by field. */
export function readRollout(
  draft: RolloutDraft,
  nowMs: number,
): { readonly plan: RolloutPlan | null; readonly faults: RolloutFaults } {
  const faults: Partial<Record<RolloutField, string>> = {};
  const take = <T>(isWanted: boolean, field: RolloutField, value: () => Read<T>): T | undefined => {
    if (!isWanted) return undefined;
    const one = value();
    if ('value' in one) return one.value;
    faults[field] = one.fault;
    return undefined;
  };
  const amount = (text: string) => () => read(readAmount(text), words.amount);
  const canary = take(draft.hasCanary, 'canarySize', amount(draft.canarySize));
  const size = take(draft.pace === 'batches', 'batchSize', amount(draft.batchSize));
  const sleepMs = take(draft.pace === 'batches', 'batchSleep', () => readSleep(draft.batchSleep));
  const concurrency = take(draft.pace === 'window', 'windowSize', amount(draft.windowSize));
  const maxErrors = take(draft.mayFail.trim() !== '', 'mayFail', () =>
    read(readTolerance(draft.mayFail), words.tolerance),
  );
  const untilField = draft.away === 'while' ? 'awayFor' : 'awayUntil';
  const untilMs = take(draft.away !== 'soon', untilField, () => readUntil(draft, nowMs));
  const deliveryMs = take(draft.delivery.trim() !== '', 'delivery', () => readDelivery(draft.delivery));
  if (Object.keys(faults).length > 0) return { plan: null, faults };
  const rollout = {
    ...(canary === undefined ? {} : { canary: { size: canary, hold: draft.holds } }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(maxErrors === undefined ? {} : { maxErrors }),
    ...(draft.isLocked ? { lock: true as const } : {}),
  };
  return {
    faults,
    plan: {
      ...(size === undefined || sleepMs === undefined ? {} : { batch: { size, sleepMs } }),
      ...(Object.keys(rollout).length === 0 ? {} : { rollout }),
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(deliveryMs === undefined ? {} : { deliveryMs }),
    },
  };
}
