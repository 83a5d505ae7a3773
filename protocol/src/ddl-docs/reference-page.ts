import { z } from 'zod';
import { lintRules } from '../ddl-lint/index.ts';
import {
  actionSchema,
  agentDdlSchema,
  aggregateSchema,
  dataDdlSchema,
  inputSchema,
  outputSchema,
  validators,
} from '../ddl/index.ts';

/** The part of a JSON Schema that the page shows. */
interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

const intro = `# DDLs

A DDL says what a plugin can do and what it may be asked: the node refuses what does not fit, the console makes forms, checks, help
and summaries from it. It is a JSON file of the plugin's name, as in \`parcel.json\`. The same code reads it on nodes and consoles.

The JSON Schemas are [agent-ddl.schema.json](agent-ddl.schema.json) and [data-ddl.schema.json](data-ddl.schema.json); a property
\`$schema\` with the place of one makes editors help. \`muster plugin lint\` finds what a schema cannot.
`;

const example = `
\`\`\`json
{
  "kind": "agent",
  "name": "parcel",
  "description": "Looks after parcels",
  "author": "A. Author",
  "license": "Apache-2.0",
  "version": "1.0.0",
  "url": "https://example.com/parcel",
  "timeout": 20,
  "actions": [
    {
      "name": "send",
      "description": "Sends a parcel",
      "effect": "write",
      "inputs": {
        "to": {
          "type": "string",
          "prompt": "To",
          "description": "Host to send it to",
          "validation": "hostname",
          "maxlength": 253
        }
      },
      "outputs": {
        "state": { "description": "What became of it", "display_as": "State", "type": "string" }
      },
      "aggregates": [{ "function": "summary", "output": "state" }]
    }
  ]
}
\`\`\`
`;

const regexes = `
## Validation of strings

\`validation\` is the name of a validator, or else a regular expression in the syntax of RE2 that must match somewhere in the value:
write \`^\` and \`$\` to bind it to the ends. Both mean the ends of the whole text, not of a line. RE2 takes linear time, and has
neither look-around nor back-references. Types, values of lists and \`maxlength\` are always checked and need no validator.

A value must be:

`;

const meaning = `
## Effects

- \`read\`: changes nothing.
- \`write\`: changes something that another run could change back.
- \`destructive\`: what it takes away does not come back by itself.

A console asks before it runs a \`write\` or \`destructive\` action on nodes that nobody picked.

## Aggregates

- \`summary\`: how often each value was answered; arrays count once per element. \`boolean_summary\` is the same for true and false.
- \`average\`, \`sum\`, \`minmax\`, \`percentiles\` (50, 90, 95, 99, by nearest rank): of numbers.
- \`chart\`: numbers in ten buckets of the same width.

## DDLs of MCollective and Choria

Nodes and consoles also read Choria's JSON DDLs, and \`muster plugin import-ddl\` turns those and MCollective's Ruby files into ours.
What differs:

- Effects are not known there. Every action counts as \`write\` and as not idempotent, until an importer says otherwise.
- A plugin is called as its file is (\`fact\` for \`fact_data.ddl\`), whatever name the metadata has.
- \`^\` and \`$\` of Ruby bind to lines, ours to the whole text. \`\\h\`, \`\\Z\` and flags are rewritten; a regular expression that RE2
  cannot do, and a validator that is not known, become \`shellsafe\` with a warning.
- The validation \`string\` becomes \`.*\`. Names of other types as validation mean nothing for strings.
- \`nettest_mma\` becomes \`minmax\`, \`nagios_states\` a \`summary\` with labels; unknown aggregates are left out with a warning.
- \`display :flatten\` becomes \`always\`. \`requires\` and \`service\` are not carried over, with a warning.
- A default that does not fit its own input is left out with a warning; a default of null is none.
`;

function kindOf(shape: Shape): string {
  if (shape.const !== undefined) return `\`"${shape.const}"\``;
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${value}\``).join(', ');
  return shape.anyOf === undefined ? (shape.type ?? 'any JSON') : shape.anyOf.map(kindOf).join(' or ');
}

function facets(shape: Shape, required: boolean): string {
  const bounds = [
    ...(shape.maxLength === undefined ? [] : [`at most ${shape.maxLength} characters`]),
    ...(shape.maximum === undefined || shape.maximum > 1e9 ? [] : [`at most ${shape.maximum}`]),
    ...(shape.pattern === undefined ? [] : [`\`${shape.pattern}\``]),
  ];
  const presence = required
    ? 'required'
    : shape.default === undefined
      ? 'optional'
      : `default \`${JSON.stringify(shape.default)}\``;
  return [kindOf(shape), ...bounds, presence].join('; ');
}

function section(title: string, about: string, schema: z.ZodType): string {
  // The page shows the few keywords named above; a schema has them or not.
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  const lines = Object.entries(properties).map(([name, shape]) => {
    const text = shape.description === undefined ? '' : ` ${shape.description}`;
    return `- \`${name}\` (${facets(shape, required.includes(name))}):${text}\n`;
  });
  return `\n## ${title}\n\n${about}\n\n${lines.join('')}`;
}

/** The reference page of DDLs, in Markdown, from the schemas and the validators. */
export const ddlPage = (): string =>
  [
    intro,
    example,
    section('Agents', 'A document of kind `agent`. Names of actions differ.', agentDdlSchema),
    section('Actions', 'An element of `actions`.', actionSchema),
    section('Inputs', 'A value of `inputs`; names are letters, digits and `_`, at most 64.', inputSchema),
    section('Outputs', 'A value of `outputs`; names as of inputs.', outputSchema),
    section('Aggregates of an action', 'An element of `aggregates`.', aggregateSchema),
    section('Data plugins', 'A document of kind `data`.', dataDdlSchema),
    regexes,
    Object.entries(validators)
      .map(([name, validator]) => `- \`${name}\`: ${validator.meaning}\n`)
      .join(''),
    meaning,
    '\n## What lint finds\n\n`muster plugin lint` names the rule in brackets behind each finding:\n\n',
    Object.entries(lintRules)
      .map(([rule, finding]) => `- \`${rule}\`: ${finding}\n`)
      .join(''),
  ].join('');
