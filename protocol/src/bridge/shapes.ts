import { z } from 'zod';
import { agentDdlSchema, dataDdlSchema } from '../ddl/index.ts';
import { errorCatalogue, type ErrorCode } from '../errors/index.ts';
import { filterLimits } from '../filter/index.ts';
import { identityPattern } from '../identity/index.ts';
import { outcomes } from '../messages/index.ts';
import { arrivals, nodeStates, runHolds, runStates } from '../run/index.ts';

/* What window and engine exchange. Times are milliseconds since the epoch, durations are milliseconds. */

const timeMs = z.number();
const count = z.int().nonnegative();
/** An id that Muster gives: of a run, a runall, a schedule. */
export const idShape = z.string().regex(/^[0-9a-f]{32}$/);
export const identityShape = z.string().regex(identityPattern);
export const filterText = z.string().max(filterLimits.textLength);

export const faultShape = z.object({
  code: z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]), // Object.keys forgets the literal types that the catalogue has
  message: z.string(),
  mend: z.string().optional(),
  position: z.object({ start: z.int(), end: z.int() }).optional(),
});

/** Where the connection to the broker stands, and why. */
export const connectionShape = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connecting'), sinceMs: timeMs, attempt: z.int() }),
  z.object({ status: z.literal('up'), sinceMs: timeMs, url: z.string(), blockedBy: z.string().optional() }),
  z.object({ status: z.literal('down'), sinceMs: timeMs, reason: faultShape, retryAtMs: timeMs }),
  z.object({ status: z.literal('closed'), sinceMs: timeMs }),
]);
export type ConnectionShape = z.infer<typeof connectionShape>;

/** Whose window this is, and on which fleet. */
export const sessionShape = z.object({
  person: z.string(),
  collectives: z.array(z.string()),
  version: z.string(),
  connection: connectionShape,
});
export type SessionShape = z.infer<typeof sessionShape>;

/** A slice of a long list: the window asks for the rows that it shows, and no more. */
export const sliceShape = { offset: count, limit: z.int().min(1).max(500) };

export const sortShape = z.object({ by: z.string().max(300), descending: z.boolean() });

/** The lists of names that a node has. */
export const nameListShape = z.enum(['classes', 'agents', 'collectives']);

/** A row of the fleet's grid. */
export const nodeRowShape = z.object({
  identity: z.string(),
  firstSeenMs: timeMs,
  lastSeenMs: timeMs,
  agentVersion: z.string(),
  /** How far the node's clock is ahead of ours; null when unknown. */
  clockSkewMs: z.number().nullable(),
  /** One text for each column that was asked for; null where the node lacks the fact. */
  facts: z.record(z.string(), z.string().nullable()),
  /** The lists that were asked for. */
  lists: z.partialRecord(nameListShape, z.array(z.string())).optional(),
});
export type NodeRow = z.infer<typeof nodeRowShape>;

/** All that the inventory knows of one node. */
export const nodeDetailShape = z.object({
  identity: z.string(),
  collectives: z.array(z.string()),
  facts: z.record(z.string(), z.json()),
  classes: z.array(z.string()),
  agents: z.array(z.object({ name: z.string(), version: z.string() })),
  agentVersion: z.string(),
  firstSeenMs: timeMs,
  lastSeenMs: timeMs,
  /** When facts, classes and agents were read from the node. */
  syncedAtMs: timeMs.nullable(),
  /** How far the node's clock is ahead of ours; null when unknown. */
  clockSkewMs: z.number().nullable(),
});
export type NodeDetail = z.infer<typeof nodeDetailShape>;

const filterTarget = z.object({ kind: z.literal('filter'), filter: filterText });
const nodesTarget = z.object({ kind: z.literal('nodes'), identities: z.array(identityShape).min(1).max(100_000) });
/** Of a named selection; with `filter` only those of its nodes that match that too. */
const named = { name: z.string().max(200), filter: filterText.optional() };
const groupTarget = z.object({ kind: z.literal('group'), ...named });
const presetTarget = z.object({ kind: z.literal('preset'), ...named });

/**
 * Which nodes a run is for: those that match a filter, a list of identities, the members of a group, or those of a filter
 * preset. What a group or a preset means is looked up when the run starts.
 */
export const targetShape = z.discriminatedUnion('kind', [filterTarget, nodesTarget, groupTarget, presetTarget]);
export type Target = z.infer<typeof targetShape>;

/** The target of a run that has started: groups and presets with what they meant then. */
export const runTargetShape = z.discriminatedUnion('kind', [
  filterTarget,
  nodesTarget,
  groupTarget.extend({
    /** The members that were named, and the filter of the others; null when all were named. Narrowed down by `filter`. */
    resolved: z.object({ identities: z.array(identityShape), filter: filterText.nullable() }),
  }),
  presetTarget.extend({ resolved: z.object({ filter: filterText }) }),
]);
export type RunTarget = z.infer<typeof runTargetShape>;

/** Ways to find nodes; see docs/guide/discovery.md. */
export const discoveryMethods = ['broadcast', 'inventory', 'list', 'puppetdb', 'external'] as const;
export type DiscoveryMethod = (typeof discoveryMethods)[number];

/** How to find nodes, and what that method is told; a text for an option that is given once, else a list. */
export const discoveryChoiceShape = z.object({
  method: z.enum(discoveryMethods),
  options: z.record(z.string().max(64), z.union([z.string().max(65_536), z.array(z.string().max(4096)).max(100)])),
});
export type DiscoveryChoice = z.infer<typeof discoveryChoiceShape>;

/** A number of nodes, or a share of those that were found. */
const amountShape = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('nodes'), amount: z.int().min(1).max(1_000_000) }),
  z.object({ unit: z.literal('percent'), amount: z.int().min(1).max(100) }),
]);
export type Amount = z.infer<typeof amountShape>;

/**
 * Only some of the nodes that were found; a share is rounded down, and is one node at least. `first` takes those that
 * answered first, `random` draws: the same `seed` draws the same nodes from the same set. Without a seed one is chosen,
 * and the run's summary tells which.
 */
export const limitShape = z.object({
  size: amountShape,
  method: z.enum(['first', 'random']),
  seed: z.int().nonnegative().optional(),
});
export type Limit = z.infer<typeof limitShape>;

/** A few nodes at a time under one request id; a share is rounded up. `sleepMs` passes between batches, not after the last. */
export const batchShape = z.object({ size: amountShape, sleepMs: z.int().min(0).max(86_400_000) });
export type Batch = z.infer<typeof batchShape>;

/** How many nodes may fail: a number, or a share of all nodes of the run, rounded down. */
const toleranceShape = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('nodes'), amount: z.int().min(0).max(1_000_000) }),
  z.object({ unit: z.literal('percent'), amount: z.int().min(0).max(100) }),
]);
export type Tolerance = z.infer<typeof toleranceShape>;

/** How a run goes over the fleet little by little. */
export const rolloutShape = z.object({
  /** These nodes come first, all others after every one of them has answered `ok`; with `hold`, after a person has said so besides. A share is rounded up. */
  canary: z.object({ size: amountShape, hold: z.boolean() }).optional(),
  /** At most so many nodes are at work at once; as soon as one has answered the next is asked. Not together with batches. A share is rounded up. */
  concurrency: amountShape.optional(),
  /** When more nodes than this have failed, no further ones are asked; those that were asked may finish. */
  maxErrors: toleranceShape.optional(),
  /** Only one such run of the same action in the collective goes on at a time, whoever started it; others wait. */
  lock: z.literal(true).optional(),
});
export type Rollout = z.infer<typeof rolloutShape>;

/** How the nodes of a run are chosen and asked, beside its target. */
const selectionShape = {
  /** How they are found. When absent as a preset says, or as configured; with `untilMs` in the inventory instead of by broadcast, unless only nodes can tell who matches. */
  discovery: discoveryChoiceShape.optional(),
  limit: limitShape.optional(),
  batch: batchShape.optional(),
  rollout: rolloutShape.optional(),
  /** Until when nodes that are away may get the request after all, in milliseconds since the epoch; at most 30 days ahead. Excludes `ttlMs`. */
  untilMs: timeMs.optional(),
  /** The nodes run the action and do not answer; they stay `sent`, for nobody learns more of them. */
  noResults: z.literal(true).optional(),
};

export const runOrderShape = z.object({
  agent: z.string().max(64),
  action: z.string().max(64),
  inputs: z.record(z.string(), z.json()),
  target: targetShape,
  collective: z.string().max(64).optional(),
  /** How long to wait for answers after the request was sent; from the DDL when absent. */
  timeoutMs: z.int().positive().optional(),
  /** How long a node may take to say that it has the request, before it counts as away; 15 s when absent. */
  deliveryMs: z.int().positive().optional(),
  /** How long the request may be obeyed after it was issued; 60 s when absent. */
  ttlMs: z.int().positive().optional(),
  /** How long to look for nodes; 2 s when absent. */
  discoveryTimeoutMs: z.int().positive().optional(),
  ...selectionShape,
});
export type RunOrder = z.infer<typeof runOrderShape>;

/** A run as lists and progress show it. */
export const runSummaryShape = z.object({
  runId: z.string(),
  person: z.string(),
  collective: z.string(),
  agent: z.string(),
  action: z.string(),
  inputs: z.record(z.string(), z.json()),
  target: runTargetShape,
  state: z.enum(runStates),
  /** What it waits for before it asks further nodes; null when for nothing. */
  hold: z.enum(runHolds).nullable(),
  /** When a sleep between batches ends; null of all other holds, for nobody knows when they do. */
  holdUntilMs: timeMs.nullable(),
  /** Whether a console conducts it now. One that is not final and has none goes on when it is resumed. */
  isConducted: z.boolean(),
  /** Why the run failed, was stopped or cancelled as a whole, if it was. */
  fault: faultShape.nullable(),
  startedAtMs: timeMs,
  /** When the request was published; null while discovering. */
  sentAtMs: timeMs.nullable(),
  finishedAtMs: timeMs.nullable(),
  discoveryMs: z.number().nullable(),
  /** How long nodes are waited for in all: delivery, execution, and the answer's way. */
  timeoutMs: z.number(),
  /** How long a node may take to say that it has the request. */
  deliveryMs: z.number(),
  /** How long the action may run on a node: the node itself ends it then. */
  executionMs: z.number(),
  ttlMs: z.number(),
  ...selectionShape,
  /** How many nodes were asked. */
  expected: count,
  /** How many have answered, on time or late. */
  responses: count,
  /** Nodes in each state; states without nodes are absent. */
  states: z.partialRecord(z.enum(nodeStates), count),
  unexpected: count,
});
export type RunSummary = z.infer<typeof runSummaryShape>;

/** One node's line in a run. */
export const resultRowShape = z.object({
  identity: z.string(),
  state: z.enum(nodeStates),
  arrival: z.enum(arrivals).nullable(),
  statusCode: z.int().nullable(),
  statusMessage: z.string(),
  data: z.record(z.string(), z.json()),
  /** From publishing to the answer's arrival; null while there is none. */
  elapsedMs: z.number().nullable(),
});
export type ResultRow = z.infer<typeof resultRowShape>;

export const resultDetailShape = resultRowShape.extend({
  outcome: z.enum(outcomes).nullable(),
  /** By our clock. */
  arrivedAtMs: timeMs.nullable(),
  /** By the node's clock. */
  timings: z
    .object({ receivedAtMs: timeMs, startedAtMs: timeMs.nullable(), finishedAtMs: timeMs.nullable() })
    .nullable(),
  /** Fingerprint of the certificate that signed the answer. */
  signedBy: z.string().nullable(),
});
export type ResultDetail = z.infer<typeof resultDetailShape>;

/** An agent as the fleet has it, and on how many nodes. */
export const fleetAgentShape = z.object({
  /** Of the version that most nodes have; of several such versions the highest. */
  ddl: agentDdlSchema,
  nodes: count,
  /** The versions that nodes have, or, when no node has it any more, the one that was learnt last. Those of most nodes first. */
  versions: z.array(z.object({ version: z.string(), nodes: count })).min(1),
});
export type FleetAgent = z.infer<typeof fleetAgentShape>;

/** A data plugin as the fleet has it, each version with the number of its nodes: those of most nodes first. */
export const fleetDataPluginShape = z.object({
  name: z.string(),
  versions: z.array(z.object({ ddl: dataDdlSchema, nodes: count })),
});
export type FleetDataPlugin = z.infer<typeof fleetDataPluginShape>;

/** What the nodes of a target have of one agent, as far as the inventory knows. */
export const agentVersionsShape = z.object({
  /** Those of most nodes first, of several such the highest first; empty when none of the nodes is known to have the agent. */
  versions: z.array(z.object({ ddl: agentDdlSchema, nodes: count })),
  /** Nodes that are known not to have the agent. */
  lacking: count,
  /** Nodes that have not told yet which agents they have. */
  unknown: count,
});
export type AgentVersions = z.infer<typeof agentVersionsShape>;

export const countedShape = z.object({ value: z.string(), nodes: count });
export type Counted = z.infer<typeof countedShape>;

/** Types of facts, by their values on any node. */
export const factTypeShape = z.enum(['text', 'number', 'boolean', 'list', 'hash']);
export type FactType = z.infer<typeof factTypeShape>;

/** The path of a fact, how many nodes have it, and of which types it is there; rarely more than one. */
export const factPathShape = countedShape.extend({ types: z.array(factTypeShape) });
export type FactPath = z.infer<typeof factPathShape>;

/** The most frequent of several values, and how many there are. Each element of a list counts, and each key of a hash. */
export const facetShape = z.object({ values: z.array(countedShape), distinct: count });
export type Facet = z.infer<typeof facetShape>;

/** How many nodes of the inventory match. */
export const matchShape = z.object({
  matching: count,
  total: count,
  /** The filter asks data plugins, so that only the nodes can tell: `matching` are those that may match. */
  needsFleet: z.boolean(),
});
export type MatchCount = z.infer<typeof matchShape>;
