import { z } from 'zod';
import { limits } from '../envelope/index.ts';
import { certificateStateShape } from './guard-shapes.ts';
import { faultShape, sliceShape } from './shapes.ts';

/** A clock further from ours than this counts as skewed, in milliseconds: requests between the two are refused, or expire early. */
export const skewedFromMs = limits.clockSkewMs;

const timeMs = z.number();
const count = z.int().nonnegative();

/**
 * What a node may be listed for, by the last that was heard of it.
 *
 * - `heard`: none of the next two; `silent`: nothing came for longer than its last sign of life holds; `stopped`: it said that it stops.
 * - `skewed`: its clock is further from ours than requests may be; `unmeasured`: nothing told how its clock goes.
 * - `expiring`: its certificate ends within 30 days; `expired`: it has ended; `uncertified`: this console has seen none of it yet.
 * - `version`: it has a certain version of the agent.
 */
export const healthAspects = [
  'heard',
  'silent',
  'stopped',
  'skewed',
  'unmeasured',
  'expiring',
  'expired',
  'uncertified',
  'version',
] as const;
export type HealthAspect = (typeof healthAspects)[number];

/** The nodes that a figure counts. */
export const healthChoiceShape = z.object({
  aspect: z.enum(healthAspects),
  /** The agent's version, for `version` alone. */
  version: z.string().max(64).optional(),
});
export type HealthChoice = z.infer<typeof healthChoiceShape>;

/** A node, as far as its health goes. */
export const nodeHealthShape = z.object({
  identity: z.string(),
  lastSeenMs: timeMs,
  /** How long its last sign of life holds. */
  heardWithinMs: timeMs,
  /** When it said that it stops; null when it is, or may be, at work. */
  stoppedAtMs: timeMs.nullable(),
  /** How far its clock is ahead of ours, at least; null when unknown. */
  clockSkewMs: z.number().nullable(),
  agentVersion: z.string(),
  /** Until when the certificate holds that it signed with last; null when none was seen. */
  certificateUntilMs: timeMs.nullable(),
});
export type NodeHealth = z.infer<typeof nodeHealthShape>;

/** How the nodes of the inventory do. */
export const fleetHealthShape = z.object({
  total: count,
  /** How many nodes each aspect has, but for versions. */
  counts: z.record(z.enum(healthAspects).exclude(['version']), count),
  /** The clock that is furthest from ours, in whichever direction; null when none is measured. */
  worstSkewMs: z.number().nullable(),
  /** The next end of a certificate that still holds. */
  nextExpiryMs: timeMs.nullable(),
  /** The most frequent 20, most nodes first. */
  versions: z.array(z.object({ version: z.string(), nodes: count })),
  /** How many different ones there are. */
  versionCount: count,
});
export type FleetHealth = z.infer<typeof fleetHealthShape>;

/** A run in which nodes refused what they were asked. */
export const refusedRunShape = z.object({
  runId: z.string(),
  agent: z.string(),
  action: z.string(),
  person: z.string(),
  startedAtMs: timeMs,
  /** How many nodes refused. */
  nodes: count,
});
export type RefusedRun = z.infer<typeof refusedRunShape>;

export const healthShape = z.object({
  /** The moment that nodes are judged at: now, or when the fleet was heard last, as long as it cannot be heard. */
  asOfMs: timeMs,
  /** Whether registrations are heard, and the whole fleet was looked for since the broker was reached. */
  isCurrent: z.boolean(),
  fleet: fleetHealthShape,
  /** Nodes that groups name and of which nothing was ever heard; the first 100 of `total`, by name. */
  missing: z.object({ total: count, identities: z.array(z.string()) }),
  /** What was refused in the last 24 hours. */
  refused: z.object({
    sinceMs: timeMs,
    /** Messages that this home's consoles did not believe, and calls of its window's host that were turned away, by the code of the fault; most first. */
    messages: z.array(z.object({ code: z.string(), count })),
    /** Nodes that refused in runs of that time, and the newest 20 such runs. */
    nodes: count,
    runs: z.array(refusedRunShape),
  }),
  console: z.object({
    /** Its own certificate, then those of its authorities. */
    certificates: z.array(certificateStateShape),
    /** Why its database cannot be used now. */
    storage: faultShape.nullable(),
    /** Why refused messages cannot be counted. */
    audit: faultShape.nullable(),
  }),
});
export type Health = z.infer<typeof healthShape>;

/** How fleet and console do, by what is known without asking any node. */
export const healthEndpoints = {
  /** Faults: those of reading the certificates that the configuration names, `storage.*`. */
  'health.get': { params: z.object({}), result: healthShape },
  /** A slice of the nodes behind a figure; the worst of their kind first. */
  'health.nodes': {
    params: z.object({ ...healthChoiceShape.shape, asOfMs: timeMs, ...sliceShape }),
    result: z.object({ total: count, rows: z.array(nodeHealthShape) }),
  },
  /** The names of all of them, sorted. */
  'health.identities': {
    params: z.object({ ...healthChoiceShape.shape, asOfMs: timeMs }),
    result: z.object({ identities: z.array(z.string()) }),
  },
} as const;
