import type { GroupDraft, PresetDraft, RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import type { Storage, StoredAnswer } from '../../../client/src/storage/index.ts';

/** The id of a run by its number. */
export const runIdOf = (number: number): string => number.toString(16).padStart(32, '0');

/** A finished run, as it is stored. */
export const sampleRun = (runId: string, more: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  person: 'alice',
  collective: 'muster',
  agent: 'rpcutil',
  action: 'ping',
  inputs: {},
  target: { kind: 'filter', filter: 'os=Debian' },
  state: 'finished',
  hold: null,
  holdUntilMs: null,
  isConducted: false,
  fault: null,
  startedAtMs: 1,
  sentAtMs: 2,
  finishedAtMs: 3,
  discoveryMs: 3.5,
  timeoutMs: 4,
  deliveryMs: 4,
  executionMs: 4,
  ttlMs: 5,
  expected: 1,
  responses: 1,
  states: { ok: 1 },
  unexpected: 0,
  ...more,
});

/** An answer of a node, as it is stored. */
export const sampleAnswer = (identity: string, data: object = {}): StoredAnswer => ({
  identity,
  state: 'ok',
  arrival: 'on_time',
  statusCode: 0,
  statusMessage: 'OK',
  data: JSON.stringify(data),
  elapsedMs: 12.5,
  outcome: 'ok',
  arrivedAtMs: 20,
  timings: { receivedAtMs: 15, startedAtMs: 16, finishedAtMs: 17 },
  signedBy: 'f'.repeat(64),
});

export const samplePreset = (name: string): PresetDraft => ({
  name,
  description: '',
  tags: ['x'],
  filter: 'os=Debian',
});

export const sampleGroup = (name: string): GroupDraft => ({
  name,
  description: '',
  tags: [],
  identities: ['web1'],
  filter: null,
  groups: [],
});

/** Stores runs with an answer of some size from each of `nodes` nodes. */
export async function storeRuns(storage: Storage, runs: number, nodes: number, bytes: number): Promise<void> {
  for (let number = 1; number <= runs; number++) {
    const summary = sampleRun(runIdOf(number), { startedAtMs: number });
    unwrap(await storage.insertRun(summary, 'console'));
    const answers = Array.from({ length: nodes }, (_, node) => sampleAnswer(`web${node}`, { text: 'y'.repeat(bytes) }));
    unwrap(await storage.recordRun({ summary, answers }, 'console'));
  }
}
