import { createHash } from 'node:crypto';
import type { NotifyEvent, RunallSummary, RunSummary } from '@muster/protocol/bridge';
import { errorCatalogue, type ErrorCode } from '@muster/protocol/errors';
import { nodeStates } from '@muster/protocol/run';
import { z } from 'zod';

const moment = z.iso.datetime();

/** What is told of a run or a runall. Nothing in it comes from a node or from what a person typed into the run. */
const aboutSchema = z.strictObject({
  kind: z.enum(['run', 'runall']),
  id: z.string(),
  agent: z.string(),
  action: z.string(),
  person: z.string(),
  collective: z.string(),
  state: z.string(),
  threshold_tripped: z.boolean(),
  /** Why it did not end well as a whole, in the words of the catalogue of errors. */
  fault: z.strictObject({ code: z.string(), meaning: z.string() }).nullable(),
  started: moment,
  /** Null while it goes on. */
  ended: moment.nullable(),
  /** How many nodes it is for. */
  nodes: z.int(),
  answers: z.int(),
  /** How many nodes are in each state; states without nodes are absent. */
  states: z.record(z.string(), z.int()),
  link: z.string().nullable(),
});
export type ToldAbout = z.infer<typeof aboutSchema>;

const envelope = {
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  time: moment,
  datacontenttype: z.literal('application/json'),
};

/** What events are called. */
const types = [
  'muster.run.finished.v1',
  'muster.run.failed.v1',
  'muster.run.threshold.v1',
  'muster.runall.finished.v1',
  'muster.runall.failed.v1',
  'muster.runall.threshold.v1',
] as const satisfies readonly `muster.${ToldAbout['kind']}.${NotifyEvent}.v1`[];

/** The document that receivers get: an event of CloudEvents 1.0 in structured mode. Its form is stable; see docs/guide/notifications.md. */
export const notifyEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...envelope,
    type: z.literal('muster.notification.test.v1'),
    data: z.strictObject({ target: z.string() }),
  }),
  z.strictObject({
    ...envelope,
    type: z.enum(types),
    subject: z.string(),
    data: aboutSchema,
  }),
]);
export type NotifyDocument = z.infer<typeof notifyEventSchema>;

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
const sourceOf = (person: string): string => `/muster/${person}`;

/** The end of a run by its own limits. */
const limits: readonly ErrorCode[] = ['run.too_many_errors', 'run.canary_failed'];

/** Whether a run met its own limits. */
export const hasTripped = ({ fault }: Pick<RunSummary, 'fault'>): boolean =>
  fault !== null && limits.includes(fault.code);

/** What is to be told of a run that has ended. Nodes that shall not answer stay `sent`. */
export function endOfRun({ state, states }: Pick<RunSummary, 'state' | 'states'>): NotifyEvent {
  const isWrong = nodeStates.some((one) => one !== 'ok' && one !== 'sent' && (states[one] ?? 0) > 0);
  return state === 'finished' && !isWrong ? 'finished' : 'failed';
}

/** What is to be told of a runall that has ended. Nodes on which a person disabled Puppet were left alone rightly. */
export function endOfRunall({
  state,
  results,
  skipped,
}: Pick<RunallSummary, 'state' | 'results' | 'skipped'>): NotifyEvent {
  const wasLeftOut = Object.entries(skipped).some(([reason, count]) => reason !== 'disabled' && count > 0);
  return state === 'finished' && results.failed + results.unknown === 0 && !wasLeftOut ? 'finished' : 'failed';
}

const faultOf = (fault: RunSummary['fault']): ToldAbout['fault'] =>
  fault === null ? null : { code: fault.code, meaning: errorCatalogue[fault.code].meaning };

/** A run as it is told. */
export const aboutRun = (run: RunSummary): ToldAbout => ({
  kind: 'run',
  id: run.runId,
  agent: run.agent,
  action: run.action,
  person: run.person,
  collective: run.collective,
  state: run.state,
  threshold_tripped: hasTripped(run),
  fault: faultOf(run.fault),
  started: iso(run.startedAtMs),
  ended: run.finishedAtMs === null ? null : iso(run.finishedAtMs),
  nodes: run.expected,
  answers: run.responses,
  states: { ...run.states },
  link: `muster://run/${run.runId}`,
});

/** A runall as it is told; its states are what Puppet came to. */
export function aboutRunall(runall: RunallSummary): ToldAbout {
  const { states, results } = runall;
  const counts = { ...results, skipped: states.skipped ?? 0 };
  return {
    kind: 'runall',
    id: runall.runallId,
    agent: 'puppet',
    action: 'runonce',
    person: runall.person,
    collective: runall.collective,
    state: runall.state,
    threshold_tripped: false,
    fault: faultOf(runall.fault),
    started: iso(runall.startedAtMs),
    ended: runall.finishedAtMs === null ? null : iso(runall.finishedAtMs),
    nodes: Object.values(states).reduce((sum, count) => sum + count, 0),
    answers: states.done ?? 0,
    states: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    // There is no such link.
    link: null,
  };
}

/** The same for the same event of the same run and target, so that a receiver knows a repetition: 32 hexadecimal digits. */
export const notificationId = (target: string, event: NotifyEvent, aboutId: string): string =>
  createHash('sha256')
    .update(JSON.stringify([target, event, aboutId]))
    .digest('hex')
    .slice(0, 32);

export const eventDocument = (id: string, event: NotifyEvent, data: ToldAbout, atMs: number): NotifyDocument => ({
  specversion: '1.0',
  id,
  source: sourceOf(data.person),
  type: `muster.${data.kind}.${event}.v1`,
  subject: `${data.kind}/${data.id}`,
  time: iso(atMs),
  datacontenttype: 'application/json',
  data,
});

export const testDocument = (id: string, person: string, target: string, atMs: number): NotifyDocument => ({
  specversion: '1.0',
  id,
  source: sourceOf(person),
  type: 'muster.notification.test.v1',
  time: iso(atMs),
  datacontenttype: 'application/json',
  data: { target },
});
