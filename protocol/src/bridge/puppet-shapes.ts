import { z } from 'zod';
import {
  discoveryChoiceShape,
  faultShape,
  filterText,
  idShape,
  limitShape,
  runTargetShape,
  sliceShape,
  sortShape,
  targetShape,
} from './shapes.ts';

/* What window and engine exchange about Puppet. Times are milliseconds since the epoch, by our clock unless said otherwise. */

const timeMs = z.number();
const count = z.int().nonnegative();
const runallId = idShape;

/** What a Puppet run came to, read from `puppet last_run_summary`; numbers that Puppet did not tell are null. */
export const puppetRunShape = z.object({
  /** `failed` when resources failed or no catalog was applied; else `changed` when something was changed. */
  result: z.enum(['ok', 'changed', 'failed']),
  failed: count.nullable(),
  changed: count.nullable(),
  corrected: count.nullable(),
  outOfSync: count.nullable(),
  total: count.nullable(),
  /** In seconds. */
  totalTime: z.number().nullable(),
  /** In seconds. */
  configRetrievalTime: z.number().nullable(),
  configVersion: z.string(),
  /** When the run ended, by the node's clock. */
  atMs: timeMs,
});
export type PuppetRun = z.infer<typeof puppetRunShape>;

/**
 * What Puppet does on a node: `applying` a catalog, `idling` as a daemon, `stopped`, `disabled` by an administrator (also while
 * it finishes a catalog), or `unknown` because the node has never answered.
 */
export const puppetStates = ['applying', 'idling', 'stopped', 'disabled', 'unknown'] as const;
export type PuppetState = (typeof puppetStates)[number];

/** Puppet on one node, as the node told it last. */
export const puppetNodeShape = z.object({
  identity: z.string(),
  state: z.enum(puppetStates),
  /** Also for a node that is disabled. */
  applying: z.boolean(),
  daemonPresent: z.boolean(),
  /** Why somebody disabled it; empty when nobody did, or gave no reason. */
  disableMessage: z.string(),
  /** When Puppet last ended a run, by the node's clock; null for never or unknown. */
  lastRunAtMs: timeMs.nullable(),
  /** The last run; null when the node has not told. */
  run: puppetRunShape.nullable(),
  /** When the node told this; null for never. */
  toldAtMs: timeMs.nullable(),
  /** What became of the last question: empty for an answer, else why there is none, such as `no answer`. */
  problem: z.string(),
});
export type PuppetNode = z.infer<typeof puppetNodeShape>;

/** Figures over the nodes that match. */
export const puppetCountsShape = z.object({
  states: z.record(z.enum(puppetStates), count),
  daemons: count,
  /** Whose last run failed. */
  failing: count,
  /** Whose last run changed something. */
  changed: count,
  /** Who did not answer the last question. */
  silent: count,
});
export type PuppetCounts = z.infer<typeof puppetCountsShape>;

/** How the nodes are distributed by their last runs, as they were told last. */
export const puppetFiguresShape = z.object({
  /** By the age of the last run: each part counts the nodes up to its limit and above the one before; `upToMs` is null for any that are older. */
  ages: z.array(z.object({ upToMs: z.number().nullable(), nodes: count })),
  /** Nodes which have told that their Puppet never ran. */
  never: count,
  /** By what the run took, in seconds, in equal steps from the shortest to the longest; empty where no node told. */
  durations: z.array(z.object({ from: z.number(), to: z.number(), nodes: count })),
  /** In seconds. */
  averageDuration: z.number().nullable(),
});
export type PuppetFigures = z.infer<typeof puppetFiguresShape>;

/**
 * Where a node stands in a runall: `waiting` for its turn; `busy` with a run that is not ours (it holds a slot, and gets its own
 * run afterwards); `starting`: asked to run, and not seen applying yet; `running`; `done`: ran, see `run`; `skipped`: see `reason`.
 */
export const runallNodeStates = ['waiting', 'busy', 'starting', 'running', 'done', 'skipped'] as const;
export type RunallNodeState = (typeof runallNodeStates)[number];

/** Why a node was skipped. `detail` of the node has the words, such as the message of who disabled Puppet there. */
export const skipReasons = [
  'disabled',
  'no_answer',
  'unknown_node',
  'refused',
  'did_not_begin',
  'too_long',
  'cancelled',
] as const;
export type SkipReason = (typeof skipReasons)[number];

export const runallNodeShape = z.object({
  identity: z.string(),
  state: z.enum(runallNodeStates),
  reason: z.enum(skipReasons).nullable(),
  detail: z.string(),
  /** When it was asked to run, or took the order, once that is known; null before. */
  askedAtMs: timeMs.nullable(),
  /** When it was first seen applying; null when that was never seen, as with quick runs. */
  begunAtMs: timeMs.nullable(),
  /** When it was seen to be done, or was skipped. */
  endedAtMs: timeMs.nullable(),
  /** How often in a row it has not answered, or not begun. */
  misses: count,
  /** What the run came to, once known; null also for good where the node does not tell. */
  run: puppetRunShape.nullable(),
});
export type RunallNode = z.infer<typeof runallNodeShape>;

/** `waiting`: for the next iteration. The last three are final. */
export const runallStates = [
  'discovering',
  'running',
  'paused',
  'waiting',
  'cancelling',
  'finished',
  'cancelled',
  'failed',
] as const;
export type RunallState = (typeof runallStates)[number];

export const runallOrderShape = z.object({
  target: targetShape,
  collective: z.string().max(64).optional(),
  discovery: discoveryChoiceShape.optional(),
  limit: limitShape.optional(),
  /** The most Puppet runs at once, those that others started included as far as they are seen. */
  concurrency: z.int().min(1).max(100_000),
  /** Inputs of `puppet runonce`, but for `force`, `splay` and `splaylimit`: every run is forced. */
  options: z.record(z.string().max(64), z.json()),
  /** Begin again, for ever, at the earliest this long after the last beginning. */
  rerunMs: z
    .int()
    .min(1000)
    .max(30 * 86_400_000)
    .optional(),
});
export type RunallOrder = z.infer<typeof runallOrderShape>;

/** How many nodes are in each state (absent: none), why nodes were skipped, and what the runs came to. */
const talliesShape = {
  nodes: count,
  states: z.partialRecord(z.enum(runallNodeStates), count),
  skipped: z.partialRecord(z.enum(skipReasons), count),
  /** Of nodes that are done; `unknown` where the node does not tell. */
  results: z.object({ ok: count, changed: count, failed: count, unknown: count }),
};

export const runallSummaryShape = z.object({
  runallId: z.string(),
  person: z.string(),
  collective: z.string(),
  target: runTargetShape,
  discovery: discoveryChoiceShape.optional(),
  limit: limitShape.optional(),
  concurrency: z.int(),
  options: z.record(z.string(), z.json()),
  rerunMs: z.int().nullable(),
  state: z.enum(runallStates),
  /**
   * Whether a console works on it. False in a state that is not final: it was interrupted, and `runalls.resume` picks it up where
   * it was.
   */
  isConducted: z.boolean(),
  /** Why it failed; in other states, what keeps it from going on for now, such as a broker that does not answer. */
  fault: faultShape.nullable(),
  /** Counted from 1. What follows is about this iteration. */
  iteration: z.int().positive(),
  startedAtMs: timeMs,
  iterationStartedAtMs: timeMs,
  /** When the next iteration begins; null unless the state is `waiting`. */
  nextIterationAtMs: timeMs.nullable(),
  finishedAtMs: timeMs.nullable(),
  ...talliesShape,
  /** Grows with each change, of nodes too. */
  revision: z.int(),
});
export type RunallSummary = z.infer<typeof runallSummaryShape>;

/**
 * The calls about Puppet. Each may fail with `storage.*`. `puppet enable`, `disable`, `runonce`, `resource` and `last_run_summary` with
 * its logs are ordinary actions: `runs.start`. What they change is asked anew by itself, and `puppet.changes` tells.
 */
export const puppetEndpoints = {
  /**
   * Puppet on the fleet as it was told last, without asking anybody: `refreshedAtMs` is when the whole fleet was asked, null for never. `filter`
   * chooses nodes as in `fleet.list`; `counts` are over all that match it. `states` (empty = all), `results` of the last run (absent or empty =
   * whatever), `silent` (only those that did not answer the last question) and `search` (in identity, reason and problem) narrow the rows
   * down, of which there are `total`. `sort.by` is `identity`, `state`, `lastRun`, `failed`, `changed`, `totalTime` or `told`;
   * unknown values come last in both directions. Faults: those of the filter, `filter.needs_fleet`.
   */
  'puppet.overview': {
    params: z.object({
      filter: filterText,
      states: z.array(z.enum(puppetStates)),
      results: z.array(puppetRunShape.shape.result).optional(),
      silent: z.boolean().optional(),
      search: z.string().max(200),
      sort: sortShape,
      ...sliceShape,
    }),
    result: z.object({
      total: count,
      counts: puppetCountsShape,
      rows: z.array(puppetNodeShape),
      refreshedAtMs: timeMs.nullable(),
    }),
  },
  /** The last runs of the nodes that match, as numbers to draw. Faults: as of `puppet.overview`. */
  'puppet.figures': { params: z.object({ filter: filterText }), result: puppetFiguresShape },
  /**
   * Asks nodes for their Puppet status and last run: all that have the agent, or those of a target. Takes as long as the slowest node, at most
   * about ten seconds after they were found. Faults: those of the target, of discovery and of the broker.
   */
  'puppet.refresh': {
    params: z.object({ target: targetShape.optional() }),
    result: z.object({ asked: count, answered: count }),
  },
  /**
   * Starts a runall: Puppet on all nodes of the target, never more than `concurrency` at once. Resolves before discovery. Faults: as of `runs.start`. What
   * goes wrong later is its `fault`, `run.no_targets` when nobody was found.
   */
  'runalls.start': { params: runallOrderShape, result: z.object({ runallId }) },
  /** Newest first. */
  'runalls.list': {
    params: z.object(sliceShape),
    result: z.object({ total: count, runalls: z.array(runallSummaryShape) }),
  },
  /** Faults, also of all below: `runall.unknown`. */
  'runalls.get': { params: z.object({ runallId }), result: runallSummaryShape },
  /**
   * Nodes of the present iteration. The slots are the states `busy`, `starting` and `running`. `states` empty = all; `search` looks in identity and
   * detail; `sort.by` is `turn` (as they come up), `identity`, `state` or `ended`.
   */
  'runalls.nodes': {
    params: z.object({
      runallId,
      states: z.array(z.enum(runallNodeStates)),
      search: z.string().max(200),
      sort: sortShape,
      ...sliceShape,
    }),
    result: z.object({ total: count, rows: z.array(runallNodeShape) }),
  },
  /** Starts no further node; those that run are followed to their end. Faults: `runall.ended`. */
  'runalls.pause': { params: z.object({ runallId }), result: runallSummaryShape },
  /** Goes on after a pause, or picks up what was interrupted. Faults: `runall.ended`. */
  'runalls.resume': { params: z.object({ runallId }), result: runallSummaryShape },
  /** Skips whoever has not been asked yet; those that run finish. Cancelling twice is no fault. Faults: `runall.ended`. */
  'runalls.cancel': { params: z.object({ runallId }), result: runallSummaryShape },
} as const;

export const puppetStreams = {
  /** Grows whenever `puppet.overview` or `runalls.list` would tell something new, at most about once a second. */
  'puppet.changes': { params: z.object({}), item: z.object({ revision: z.int() }) },
  /** The summary of one runall while it is not final, whoever conducts it. */
  'runalls.changes': { params: z.object({ runallId }), item: runallSummaryShape },
} as const;
