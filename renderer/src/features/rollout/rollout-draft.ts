import type { RunOrder } from '@muster/protocol/bridge';
import { z } from 'zod';
import { sizeText } from './typed-values.ts';

/** What was chosen and typed about how a run goes over the fleet; texts as they were typed. */
export const rolloutDraftSchema = z.object({
  hasCanary: z.boolean(),
  canarySize: z.string(),
  holds: z.boolean(),
  pace: z.enum(['all', 'batches', 'window']),
  batchSize: z.string(),
  batchSleep: z.string(),
  windowSize: z.string(),
  /** Empty: however many fail, the run goes on. */
  mayFail: z.string(),
  isLocked: z.boolean(),
  away: z.enum(['soon', 'while', 'until']),
  awayFor: z.string(),
  /** As an input of type `datetime-local` writes it. */
  awayUntil: z.string(),
  /** Empty for the usual time. */
  delivery: z.string(),
});
export type RolloutDraft = z.infer<typeof rolloutDraftSchema>;

/** All nodes at once, for as long as a request lives anyway; behind it what stands in the fields at first. */
export const plainRollout: RolloutDraft = {
  hasCanary: false,
  canarySize: '1',
  holds: true,
  pace: 'all',
  batchSize: '10 %',
  batchSleep: '10 s',
  windowSize: '10',
  mayFail: '',
  isLocked: false,
  away: 'soon',
  awayFor: '2 h',
  awayUntil: '',
  delivery: '',
};

type Ordered = Pick<RunOrder, 'batch' | 'rollout'>;

/** The same roll-out again. Until when nodes that are away are waited for is not taken over: that is another time by now. */
export function rolloutDraftOf({ batch, rollout = {} }: Ordered): RolloutDraft {
  const { canary, concurrency, maxErrors, lock } = rollout;
  return {
    ...plainRollout,
    ...(canary === undefined ? {} : { hasCanary: true, canarySize: sizeText(canary.size), holds: canary.hold }),
    ...(batch === undefined
      ? {}
      : { pace: 'batches', batchSize: sizeText(batch.size), batchSleep: `${batch.sleepMs / 1000} s` }),
    ...(concurrency === undefined ? {} : { pace: 'window', windowSize: sizeText(concurrency) }),
    ...(maxErrors === undefined ? {} : { mayFail: sizeText(maxErrors) }),
    isLocked: lock === true,
  };
}
