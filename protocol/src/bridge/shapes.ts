import { z } from 'zod';
import { agentDdlSchema } from '../ddl/index.ts';
import { errorCatalogue, type ErrorCode } from '../errors/index.ts';
import { filterLimits } from '../filter/index.ts';
import { identityPattern } from '../identity/index.ts';
import { outcomes } from '../messages/index.ts';
import { arrivals, nodeStates, runStates } from '../run/index.ts';

/* What window and engine exchange. Times are milliseconds since the epoch, durations are milliseconds. */

const timeMs = z.number();
const count = z.int().nonnegative();
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
  z.object({ status: z.literal('up'), sinceMs: timeMs, url: z.string() }),
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

/** A row of the fleet's grid. `facts` has one text for each column that was asked for; null where the node lacks the fact. */
export const nodeRowShape = z.object({
  identity: z.string(),
  lastSeenMs: timeMs,
  agentVersion: z.string(),
  facts: z.record(z.string(), z.string().nullable()),
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

/** Which nodes a run is for: those that match a filter, or a list of identities. */
export const targetShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('filter'), filter: filterText }),
  z.object({ kind: z.literal('nodes'), identities: z.array(identityShape).min(1).max(100_000) }),
]);
export type Target = z.infer<typeof targetShape>;

export const runOrderShape = z.object({
  agent: z.string().max(64),
  action: z.string().max(64),
  inputs: z.record(z.string(), z.json()),
  target: targetShape,
  collective: z.string().max(64).optional(),
  /** How long to wait for answers after the request was sent; from the DDL when absent. */
  timeoutMs: z.int().positive().optional(),
  /** How long the request may be obeyed after it was issued; 60 s when absent. */
  ttlMs: z.int().positive().optional(),
  /** How long to look for nodes; 2 s when absent. */
  discoveryTimeoutMs: z.int().positive().optional(),
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
  target: targetShape,
  state: z.enum(runStates),
  /** Why the run failed as a whole, if it did. */
  fault: faultShape.nullable(),
  startedAtMs: timeMs,
  /** When the request was published; null while discovering. */
  sentAtMs: timeMs.nullable(),
  finishedAtMs: timeMs.nullable(),
  discoveryMs: z.number().nullable(),
  timeoutMs: z.number(),
  ttlMs: z.number(),
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

/** An agent as the fleet has it: its DDL and on how many nodes. */
export const fleetAgentShape = z.object({ ddl: agentDdlSchema, nodes: count });
export type FleetAgent = z.infer<typeof fleetAgentShape>;

export const countedShape = z.object({ value: z.string(), nodes: count });
export type Counted = z.infer<typeof countedShape>;
