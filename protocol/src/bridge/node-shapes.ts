import { z } from 'zod';
import { identityShape } from './shapes.ts';

/* What the page of one node shows beside the inventory's own. */

const timeMs = z.number();
const value = z.json().optional();

/** A fact that became another. `before` is absent where there was none, and `after` where there is none any more. */
export const factChangeShape = z.object({
  /** When the node was read and had it. */
  atMs: timeMs,
  path: z.string(),
  before: value,
  after: value,
});
export type FactChange = z.infer<typeof factChangeShape>;

/** How a fact differs between two times, or between two nodes; absent where there is none. */
export const factDifferenceShape = z.object({ path: z.string(), before: value, after: value });
export type FactDifference = z.infer<typeof factDifferenceShape>;

/** Names that only one of two nodes has. */
const onlyShape = z.object({ first: z.array(z.string()), second: z.array(z.string()) });

/** Where two nodes differ. */
export const nodeComparisonShape = z.object({
  /** Sorted by path; `before` is of the first node. */
  facts: z.array(factDifferenceShape),
  /** How many facts are the same. */
  sameFacts: z.int(),
  classes: onlyShape,
  collectives: onlyShape,
  /** Agents that differ in their version, or that one of them lacks (null). */
  agents: z.array(z.object({ name: z.string(), first: z.string().nullable(), second: z.string().nullable() })),
});
export type NodeComparison = z.infer<typeof nodeComparisonShape>;

/** The certificate that signed the last answer of a node in a run that is here. */
export const nodeCertificateShape = z.object({
  /** SHA-256, hexadecimal. */
  fingerprint: z.string(),
  /** When that answer came. */
  seenAtMs: timeMs.nullable(),
  /** What it says; null where the certificate itself was not kept. */
  certificate: z.object({ name: z.string(), issuer: z.string(), notBeforeMs: timeMs, notAfterMs: timeMs }).nullable(),
});
export type NodeCertificate = z.infer<typeof nodeCertificateShape>;

export const nodeEndpoints = {
  /** Changes of facts that are kept, newest first: at most 200 of a node, of each fact the last 8, none older than 90 days. */
  'nodes.factChanges': {
    params: z.object({ identity: identityShape }),
    result: z.object({
      /** From then on every change is here; null when nothing was read of the node yet. */
      completeSinceMs: timeMs.nullable(),
      changes: z.array(factChangeShape),
    }),
  },
  /** Facts that had another value at the first time than at the second, by path. */
  'nodes.factDifference': {
    params: z.object({ identity: identityShape, fromMs: timeMs, toMs: timeMs }),
    result: z.object({ differences: z.array(factDifferenceShape) }),
  },
  /** Fault: `node.unknown`. */
  'nodes.compare': { params: z.object({ first: identityShape, second: identityShape }), result: nodeComparisonShape },
  'nodes.certificate': {
    params: z.object({ identity: identityShape }),
    result: z.object({ certificate: nodeCertificateShape.nullable() }),
  },
  /** Asks the node how its agent fares. Faults: `node.unknown` when it does not answer, `request.denied`, `broker.*`. */
  'nodes.statistics': {
    params: z.object({ identity: identityShape }),
    result: z.object({ statistics: z.record(z.string(), z.json()) }),
  },
} as const;
