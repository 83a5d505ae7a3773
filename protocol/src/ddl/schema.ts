import { z } from 'zod';

/** What a DDL may say. The published JSON Schema and its reference are generated from what stands here. */

/**
 * Deepest nesting of a DDL: the messages that carry it need some levels of their own. Look at it before the schema does,
 * which goes down into values by recursion.
 */
export const ddlDepth = 48;

const name = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);
const inputName = z.string().regex(/^\w{1,64}$/);
const sentence = z.string().max(1000);
const json = z.json().meta({ id: 'json' });

export const inputTypes = ['string', 'integer', 'float', 'number', 'boolean', 'list', 'array', 'hash'] as const;

const outputTypes = ['string', 'integer', 'float', 'number', 'boolean', 'array', 'hash', 'any'] as const;

/** One input of an action. */
export const inputSchema = z
  .strictObject({
    type: z.enum(inputTypes).describe('What the value is. A `number` is an integer or a float.'),
    prompt: sentence.describe('What a form or a terminal asks, in a word or two.'),
    description: sentence.describe('What the input means, for a person.'),
    optional: z.boolean().default(false).describe('Whether the action also runs without it.'),
    default: json.optional().describe('Filled in by the console when a required input is missing; never by the node.'),
    maxlength: z
      .int()
      .nonnegative()
      .optional()
      .describe('Longest string, in characters; 0 for no limit of its own. Strings must have it.'),
    validation: z
      .string()
      .max(1000)
      .optional()
      .describe('Name of a validator, or a regular expression of RE2. Strings must have it.'),
    list: z.array(z.string()).min(1).optional().describe('The values that a list allows. Lists must have it.'),
    sensitive: z.boolean().default(false).describe('Never stored, logged, audited or shown.'),
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
  description: sentence.describe('What the output means, for a person.'),
  display_as: z.string().max(120).describe('How results name it.'),
  type: z.enum(outputTypes).default('any').describe('What the value is.'),
  default: json.optional().describe('What a reply carries when the action sets nothing.'),
});
export type OutputDefinition = z.infer<typeof outputSchema>;

/** A summary over the answers of all nodes, made by the console. */
export const aggregateSchema = z.strictObject({
  function: z
    .enum(['summary', 'average', 'sum', 'minmax', 'percentiles', 'boolean_summary', 'chart'])
    .describe('How the answers are summed up.'),
  output: inputName.describe('The output that is summed up.'),
  format: z.string().max(200).optional().describe('printf-like text of one line of the result.'),
  labels: z
    .record(z.string().max(120), z.string().max(120))
    .optional()
    .describe('For `summary` and `boolean_summary`: what to call a value, by its text (`true`, `0`, `stopped`).'),
});

export const actionSchema = z.strictObject({
  name: name.describe('Name of the action.'),
  description: sentence.describe('What it does, for a person.'),
  display: z.enum(['always', 'ok', 'failed']).default('failed').describe('Which answers a console prints unasked.'),
  inputs: z.record(inputName, inputSchema).default({}).describe('What it may be asked, by name.'),
  outputs: z.record(inputName, outputSchema).default({}).describe('What it answers, by name.'),
  aggregates: z.array(aggregateSchema).default([]).describe('Summaries over the answers of all nodes.'),
  effect: z.enum(['read', 'write', 'destructive']).describe('What it does to a node.'),
  cancellable: z
    .boolean()
    .optional()
    .describe('Whether the action can be ended midway when its caller cancels it; others run to their end.'),
  idempotent: z.boolean().default(false).describe('Whether running it twice leaves the node as running it once.'),
});
export type ActionDefinition = z.infer<typeof actionSchema>;

const metadata = {
  name: name.describe('Name of the plugin; also the name of its file.'),
  description: sentence.describe('What it is for, for a person.'),
  author: z.string().max(200).describe('Who wrote it.'),
  license: z.string().max(100).describe('Its license, by SPDX name where there is one.'),
  version: z.string().max(64).describe('Its version, as of semver.org.'),
  url: z.string().max(300).describe('Where to read more.'),
  timeout: z
    .number()
    .positive()
    .max(24 * 3600)
    .describe('Longest run on a node, in seconds.'),
  usage: z.string().max(16_000).optional().describe('More for a person to read: examples, prerequisites. Plain text.'),
};

/** An agent and its actions. */
export const agentDdlSchema = z.strictObject({
  kind: z.literal('agent').describe('What is described.'),
  ...metadata,
  requires: z
    .strictObject({ muster: z.string().max(64).describe('Lowest version of the agent service.') })
    .optional()
    .describe('What it needs of a node.'),
  actions: z
    .array(actionSchema)
    .min(1)
    .refine((actions) => new Set(actions.map((action) => action.name)).size === actions.length, {
      error: 'two actions have the same name',
    })
    .describe('What it can do.'),
});
export type AgentDdl = z.infer<typeof agentDdlSchema>;

/** A data plugin: what filters may ask of a node. */
export const dataDdlSchema = z.strictObject({
  kind: z.literal('data').describe('What is described.'),
  ...metadata,
  query: inputSchema.nullable().describe('The question it takes, as an input; null for none.'),
  outputs: z.record(inputName, outputSchema).describe('What it answers, by name.'),
});
export type DataDdl = z.infer<typeof dataDdlSchema>;

/** What a node can have: told apart by `kind`. */
export type PluginDdl = AgentDdl | DataDdl;
