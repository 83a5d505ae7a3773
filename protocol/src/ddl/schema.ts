import { z } from 'zod';

/** Names of agents, actions, inputs, outputs and data plugins. */
const name = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);
const inputName = z.string().regex(/^\w{1,64}$/);
const sentence = z.string().max(1000);

export const inputTypes = ['string', 'integer', 'float', 'number', 'boolean', 'list', 'array', 'hash'] as const;

/** One input of an action. */
export const inputSchema = z
  .strictObject({
    type: z.enum(inputTypes),
    prompt: sentence,
    description: sentence,
    optional: z.boolean().default(false),
    /** Filled in by the console when the input is missing; never by the node. */
    default: z.json().optional(),
    /** Longest string, in characters; 0 for no limit of its own. Required of strings. */
    maxlength: z.int().nonnegative().optional(),
    /** Name of a validator or a regular expression. Required of strings. */
    validation: z.string().max(1000).optional(),
    /** The values that a list allows. Required of lists. */
    list: z.array(z.string()).min(1).optional(),
    /** Never stored, logged, audited or shown. */
    sensitive: z.boolean().default(false),
  })
  .refine((input) => input.type !== 'list' || input.list !== undefined, {
    error: 'a list needs its values',
    path: ['list'],
  })
  .refine((input) => input.type !== 'string' || (input.validation !== undefined && input.maxlength !== undefined), {
    error: 'a string needs a validation and a maxlength',
    path: ['validation'],
  });
export type InputDefinition = z.infer<typeof inputSchema>;

/** One output of an action. */
export const outputSchema = z.strictObject({
  description: sentence,
  display_as: z.string().max(120),
  type: z.enum(['string', 'integer', 'float', 'number', 'boolean', 'array', 'hash', 'any']).default('any'),
  /** What a reply carries when the action sets nothing. */
  default: z.json().optional(),
});
export type OutputDefinition = z.infer<typeof outputSchema>;

/** A summary over the answers of all nodes, made by the console. */
export const aggregateSchema = z.strictObject({
  function: z.enum(['summary', 'average', 'sum', 'minmax', 'percentiles', 'boolean_summary', 'chart']),
  output: inputName,
  /** printf-like text of one line of the result. */
  format: z.string().max(200).optional(),
  /** Labels of `boolean_summary`. */
  labels: z.strictObject({ true: z.string(), false: z.string() }).optional(),
});

export const actionSchema = z.strictObject({
  name,
  description: sentence,
  /** Which answers a console prints unasked. */
  display: z.enum(['always', 'ok', 'failed']).default('failed'),
  inputs: z.record(inputName, inputSchema).default({}),
  outputs: z.record(inputName, outputSchema).default({}),
  aggregates: z.array(aggregateSchema).default([]),
  /** What it does to a node. */
  effect: z.enum(['read', 'write', 'destructive']),
  /** Running it twice leaves the node as running it once. */
  idempotent: z.boolean().default(false),
});
export type ActionDefinition = z.infer<typeof actionSchema>;

const metadata = {
  name,
  description: sentence,
  author: z.string().max(200),
  license: z.string().max(100),
  version: z.string().max(64),
  url: z.string().max(300),
  /** Longest run of one action on a node, in seconds. */
  timeout: z
    .number()
    .positive()
    .max(24 * 3600),
};

/** An agent and its actions. */
export const agentDdlSchema = z.strictObject({
  kind: z.literal('agent'),
  ...metadata,
  requires: z.strictObject({ muster: z.string().max(64) }).optional(),
  actions: z.array(actionSchema).min(1),
});
export type AgentDdl = z.infer<typeof agentDdlSchema>;

/** A data plugin: what filters may ask of a node. */
export const dataDdlSchema = z.strictObject({
  kind: z.literal('data'),
  ...metadata,
  query: inputSchema.nullable(),
  outputs: z.record(inputName, outputSchema),
});
export type DataDdl = z.infer<typeof dataDdlSchema>;
