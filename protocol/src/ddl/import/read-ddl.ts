import { z } from 'zod';
import { fail, ok, type Result } from '../../errors/index.ts';
import { agentDdlSchema, dataDdlSchema, type AgentDdl, type DataDdl } from '../schema.ts';
import { convertAgentDdl, convertDataDdl, type Imported, type ImportOptions } from './convert-ddl.ts';
import type { ForeignDdl, ForeignItem } from './foreign-ddl.ts';
import { parseDdl } from './parse-ddl.ts';

/** A DDL that was read, and where it comes from. */
export interface ReadDdl<Ddl> extends Imported<Ddl> {
  readonly origin: 'muster' | 'choria';
  /** What runs the agent in Choria, such as `external` or `golang`; absent where the DDL does not say. */
  readonly provider?: string;
}

const properties = z.record(z.string(), z.json());
const items = z.record(z.string(), properties.nullable());

const choriaAction = z.object({
  action: z.string(),
  description: z.string(),
  input: items.nullish(),
  output: items.nullish(),
  display: z.string().nullish(),
  aggregate: z
    .array(
      z.object({
        function: z.string(),
        args: z.union([z.array(z.json()), z.json()]).optional(),
        format: z.string().nullish(),
      }),
    )
    .nullish(),
});

const choriaAgent = z.object({ metadata: properties, actions: z.array(choriaAction).nullable() });
const choriaData = z.object({ metadata: properties, query: properties.nullish(), output: items.nullish() });

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** Whether a document has Choria's shape: a section `metadata`, where ours has `kind` and the metadata beside it. */
const isChoria = (json: unknown): boolean => isObject(json) && !('kind' in json) && isObject(json['metadata']);

const listed = (record: z.infer<typeof items> | null | undefined): readonly ForeignItem[] =>
  Object.entries(record ?? {}).map(([name, item]) => ({ ...item, name }));

function foreignAgent({ metadata, actions }: z.infer<typeof choriaAgent>): ForeignDdl {
  return {
    meta: metadata,
    actions: (actions ?? []).map(({ action, description, input, output, display, aggregate }) => ({
      name: action,
      description,
      inputs: listed(input),
      outputs: listed(output),
      aggregate: (aggregate ?? []).map(({ function: name, args, format }) => [
        [name, ...(Array.isArray(args) ? args : [args])],
        format === undefined || format === null ? null : { format },
      ]),
      ...(display === undefined || display === null || display === '' ? {} : { display }),
    })),
  };
}

const foreignData = ({ metadata, query, output }: z.infer<typeof choriaData>): ForeignDdl => ({
  meta: metadata,
  actions: [
    {
      name: 'dataquery',
      description: '',
      inputs: query === undefined || query === null ? [] : [{ ...query, name: 'query' }],
      outputs: listed(output),
      aggregate: [],
    },
  ],
});

function readChoria<Foreign, Ddl>(
  json: unknown,
  schema: z.ZodType<Foreign>,
  foreign: (document: Foreign) => ForeignDdl,
  convert: (foreign: ForeignDdl) => Result<Imported<Ddl>>,
): Result<ReadDdl<Ddl>> {
  const parsed = parseDdl(schema, json);
  if (!parsed.ok) return parsed;
  const document = foreign(parsed.value);
  const converted = convert(document);
  if (!converted.ok) return converted;
  const { provider } = document.meta as { readonly provider?: unknown }; // one of the free keys of the metadata
  return ok({ ...converted.value, origin: 'choria', ...(typeof provider === 'string' ? { provider } : {}) });
}

function readOwn<Ddl>(json: unknown, kind: 'agent' | 'data', schema: z.ZodType<Ddl>): Result<ReadDdl<Ddl>> {
  if (!isObject(json)) return fail('ddl.malformed', 'The DDL is not a JSON object');
  if (json['kind'] !== kind) {
    return fail(
      'ddl.malformed',
      `This is no DDL of ${kind === 'agent' ? 'an agent' : 'a data plugin'}: kind is not "${kind}"`,
    );
  }
  const document = Object.entries(json).filter(([key]) => key !== '$schema');
  const parsed = parseDdl(schema, Object.fromEntries(document));
  return parsed.ok ? ok({ ddl: parsed.value, warnings: [], origin: 'muster' }) : parsed;
}

/**
 * The DDL of an agent from a parsed JSON document: ours, or Choria's of
 * https://choria.io/schemas/mcorpc/ddl/v1/agent.json, of which each action counts as a write that is not idempotent unless
 * `options.effects` says otherwise. Options do not matter to ours.
 *
 * Errors: `ddl.malformed`.
 */
export const readAgentDdl = (json: unknown, options: ImportOptions = {}): Result<ReadDdl<AgentDdl>> =>
  isChoria(json)
    ? readChoria(json, choriaAgent, foreignAgent, (foreign) => convertAgentDdl(foreign, options))
    : readOwn(json, 'agent', agentDdlSchema);

/** The DDL of a data plugin from a parsed JSON document, ours or Choria's. Errors: `ddl.malformed`. */
export const readDataDdl = (json: unknown, options: ImportOptions = {}): Result<ReadDdl<DataDdl>> =>
  isChoria(json)
    ? readChoria(json, choriaData, foreignData, (foreign) => convertDataDdl(foreign, options))
    : readOwn(json, 'data', dataDdlSchema);
