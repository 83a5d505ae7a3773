import { z } from 'zod';
import { actionSchema, aggregateSchema } from '../ddl/index.ts';
import { nodeStates } from '../run/index.ts';
import { filterText, idShape } from './shapes.ts';

/* What the engine tells of all answers of a run at once. */

const count = z.int().nonnegative();
const measure = z.number().nullable();

/** The action of a run as it was described to whoever started it. */
export const runActionShape = z.object({
  /** Version of the agent whose description it is. */
  agentVersion: z.string(),
  action: actionSchema,
});
export type RunAction = z.infer<typeof runActionShape>;

/** Of how many values the counts come with a result; the others are summed up. */
export const countedValues = 100;

/** What an aggregate has found. Numbers are null while no node has answered with one. */
export const findingShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('counts'),
    /** The most frequent values. */
    counts: z.array(z.object({ value: z.string(), count })).max(countedValues),
    /** How many values there are. */
    distinct: count,
    /** The counts of all values that are not listed. */
    others: count,
  }),
  z.object({ kind: z.literal('average'), value: measure }),
  z.object({ kind: z.literal('sum'), value: measure }),
  z.object({ kind: z.literal('minmax'), min: measure, max: measure, average: measure }),
  z.object({ kind: z.literal('percentiles'), p50: measure, p90: measure, p95: measure, p99: measure }),
  z.object({ kind: z.literal('chart'), buckets: z.array(z.object({ from: z.number(), to: z.number(), count })) }),
  z.object({ kind: z.literal('impossible'), reason: z.string() }),
]);
export type Finding = z.infer<typeof findingShape>;

/** One aggregate of the action over the answers that are here. */
export const runAggregateShape = z.object({
  function: aggregateSchema.shape.function,
  output: z.string(),
  /** What a person calls the output. */
  title: z.string(),
  /** How many answers had a value for it. */
  answers: count,
  finding: findingShape,
});
export type RunAggregate = z.infer<typeof runAggregateShape>;

/** Which answers are looked at: those in one of `states` (empty = all) that contain `search` and match a filter over answers, as `readAnswerFilter` reads it. */
export const answerChoiceShape = {
  runId: idShape,
  states: z.array(z.enum(nodeStates)),
  search: z.string().max(200),
  filter: filterText.optional(),
};

/** The most names of nodes that one call gives. */
export const mostNames = 100_000;

/** In place of the name of an output: what the node said beside its status. */
export const messageField = '@message';

/** Outputs in which answers may differ and still count as identical; `@message` stands for the status message. */
export const ignoredFieldsShape = z.array(z.string().max(300)).max(200);

/** Nodes that answered the same, or are in the same state without an answer. */
export const answerGroupShape = z.object({
  /** The same for the same answer, in any run. */
  key: z.string(),
  state: z.enum(nodeStates),
  statusCode: z.int().nullable(),
  statusMessage: z.string(),
  /** Without the fields that are ignored. */
  data: z.record(z.string(), z.json()),
  nodes: count,
  /** The first of their names. */
  identities: z.array(z.string()),
});
export type AnswerGroup = z.infer<typeof answerGroupShape>;
