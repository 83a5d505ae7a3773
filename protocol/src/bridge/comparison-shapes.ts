import { z } from 'zod';
import { nodeStates } from '../run/index.ts';
import { ignoredFieldsShape } from './answer-shapes.ts';
import { idShape, identityShape, runSummaryShape, sliceShape } from './shapes.ts';

/* Two runs, node by node. The one that counts as earlier is `before`, whichever was started first. */

const runId = idShape;
const count = z.int().nonnegative();

/**
 * How a node stands in two runs: in different states; in the same state with another answer; only in one of the runs; the same in both.
 */
export const comparisonKinds = ['state', 'changed', 'only_before', 'only_after', 'same'] as const;
export type ComparisonKind = (typeof comparisonKinds)[number];

/** In place of the name of an output, beside `@message`: the status code. */
export const codeField = '@code';

/** What a node came to in one of the runs. */
export const comparedSideShape = z.object({
  state: z.enum(nodeStates),
  statusCode: z.int().nullable(),
  statusMessage: z.string(),
  data: z.record(z.string(), z.json()),
});
export type ComparedSide = z.infer<typeof comparedSideShape>;

export const comparedNodeShape = z.object({
  identity: identityShape,
  kind: z.enum(comparisonKinds),
  /** Outputs that differ, sorted; `@message` and `@code` first. Those that are ignored are left out; empty for a node of one run. */
  fields: z.array(z.string()),
  /** Null where the node had no part in that run. */
  before: comparedSideShape.nullable(),
  after: comparedSideShape.nullable(),
});
export type ComparedNode = z.infer<typeof comparedNodeShape>;

/** What two runs have in common, in figures. */
export const comparisonShape = z.object({
  before: runSummaryShape,
  after: runSummaryShape,
  nodes: count,
  kinds: z.record(z.enum(comparisonKinds), count),
  /** In how many nodes of both runs each output differs, those that are ignored included; the most first. */
  fields: z.array(z.object({ field: z.string(), nodes: count })),
});
export type Comparison = z.infer<typeof comparisonShape>;

const pair = {
  before: runId,
  after: runId,
  /** Outputs in which answers may differ and still count as the same; `@message` and `@code` too. */
  ignore: ignoredFieldsShape,
};

export const comparisonEndpoints = {
  /** Faults of these: `run.unknown`. */
  'comparisons.get': { params: z.object(pair), result: comparisonShape },
  /** A slice of the nodes, by name. `kinds` empty = all; `search` looks in identities; `field`: only nodes in which that output differs. */
  'comparisons.nodes': {
    params: z.object({
      ...pair,
      kinds: z.array(z.enum(comparisonKinds)),
      field: z.string().max(300).optional(),
      search: z.string().max(200),
      ...sliceShape,
    }),
    result: z.object({ total: count, rows: z.array(comparedNodeShape) }),
  },
  /** Other runs of the same action that a run can be compared with, newest first; `isSameTarget` tells which were for the same nodes. */
  'comparisons.partners': {
    params: z.object({ runId }),
    result: z.object({ partners: z.array(z.object({ run: runSummaryShape, isSameTarget: z.boolean() })) }),
  },
} as const;
