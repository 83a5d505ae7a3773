import type { z } from 'zod';
import { fail, ok, type Result } from '../../errors/index.ts';
import {
  agentDdlSchema,
  dataDdlSchema,
  type ActionDefinition,
  type AgentDdl,
  type DataDdl,
  type InputDefinition,
  type OutputDefinition,
} from '../schema.ts';
import { convertAggregate } from './convert-aggregate.ts';
import { convertInput, convertOutput } from './convert-items.ts';
import type { ForeignAction, ForeignDdl, ForeignItem } from './foreign-ddl.ts';
import { parseDdl } from './parse-ddl.ts';
import { createWarnings, textWithin, type Warn } from './warnings.ts';

/** What an action does to a node. */
export type ActionEffect = ActionDefinition['effect'];

/** What a foreign DDL does not say itself. */
export interface ImportOptions {
  /** Name of the plugin, by its file; what the DDL calls itself is only the second choice. */
  readonly name?: string;
  /** Effects by action. Default of each: `write`, which is never too lax. */
  readonly effects?: Readonly<Record<string, ActionEffect>>;
}

/** A DDL that was carried over, and sentences on what could not be. */
export interface Imported<Ddl> {
  readonly ddl: Ddl;
  readonly warnings: readonly string[];
}

const validName = /^[a-z][a-z0-9_]{0,63}$/;
const knownMetadata = new Set(['name', 'description', 'author', 'license', 'version', 'url', 'timeout', 'provider']);
const longestSeconds = 24 * 3600;
/** What MCollective allows where a DDL says nothing. */
const usualSeconds = 10;

function nameOf({ meta }: ForeignDdl, given: string | undefined, warn: Warn): string {
  const own = typeof meta['name'] === 'string' ? meta['name'] : '';
  const name = given ?? own.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_');
  if (name !== own) warn('metadata', `the DDL calls itself ${JSON.stringify(own)}, here it is ${name}`);
  return name;
}

function timeoutOf({ meta }: ForeignDdl, warn: Warn): number {
  const timeout = Number(meta['timeout']);
  if (timeout > 0 && timeout <= longestSeconds) return timeout;
  const used = timeout > longestSeconds ? longestSeconds : usualSeconds;
  warn('metadata', `the timeout ${JSON.stringify(meta['timeout'] ?? null)} cannot be, taken as ${used} seconds`);
  return used;
}

function metadataOf(foreign: ForeignDdl, options: ImportOptions, warn: Warn) {
  const { meta, usage } = foreign;
  const text = (what: string, length: number) => textWithin(meta[what], length, { about: 'metadata', what, warn });
  for (const key of Object.keys(meta)) if (!knownMetadata.has(key)) warn('metadata', `${key} means nothing here`);
  for (const needs of foreign.requires ?? []) {
    for (const [what, version] of Object.entries(needs)) {
      warn('metadata', `it asks for ${what} ${String(version)}, which is not checked here`);
    }
  }
  return {
    name: nameOf(foreign, options.name, warn),
    description: text('description', 1000),
    author: text('author', 200),
    license: text('license', 100),
    version: text('version', 64),
    url: text('url', 300),
    timeout: timeoutOf(foreign, warn),
    ...(usage === undefined ? {} : { usage: textWithin(usage, 16_000, { about: 'metadata', what: 'usage', warn }) }),
  };
}

const itemsOf = <T>(
  items: readonly ForeignItem[],
  about: string,
  convert: (item: ForeignItem, about: string, warn: Warn) => T,
  warn: Warn,
): Record<string, T> =>
  Object.fromEntries(items.map((item) => [item.name, convert(item, `${about} ${item.name}`, warn)]));

function convertAction(action: ForeignAction, options: ImportOptions, warn: Warn): ActionDefinition {
  const about = `action ${action.name}`;
  const { display = 'failed' } = action;
  const shown = display === 'ok' || display === 'always' || display === 'failed' ? display : 'always';
  if (shown !== display) warn(about, `display ${display} is not known here, taken as always`);
  const outputs = itemsOf<OutputDefinition>(action.outputs, `${about}, output`, convertOutput, warn);
  const names = new Set(Object.keys(outputs));
  return {
    name: action.name,
    description: textWithin(action.description, 1000, { about, what: 'description', warn }),
    display: shown,
    inputs: itemsOf<InputDefinition>(action.inputs, `${about}, input`, convertInput, warn),
    outputs,
    aggregates: action.aggregate.flatMap((aggregate) => convertAggregate(aggregate, names, about, warn) ?? []),
    effect: options.effects?.[action.name] ?? 'write',
    idempotent: false,
  };
}

function finish<Ddl>(schema: z.ZodType<Ddl>, ddl: unknown, warnings: readonly string[]): Result<Imported<Ddl>> {
  const parsed = parseDdl(schema, ddl);
  return parsed.ok ? ok({ ddl: parsed.value, warnings }) : parsed;
}

function unknownEffect(foreign: ForeignDdl, { effects = {} }: ImportOptions): string | undefined {
  return Object.keys(effects).find((name) => !foreign.actions.some((action) => action.name === name));
}

/** An agent's DDL in our terms. Errors: `ddl.malformed`, also for a name or effect that fits no action. */
export function convertAgentDdl(foreign: ForeignDdl, options: ImportOptions = {}): Result<Imported<AgentDdl>> {
  const { warn, list } = createWarnings();
  const odd = unknownEffect(foreign, options);
  if (odd !== undefined) return fail('ddl.malformed', `An effect is given for ${odd}, but the DDL has no such action`);
  const metadata = metadataOf(foreign, options, warn);
  const actions = foreign.actions.map((action) => convertAction(action, options, warn));
  return finish(agentDdlSchema, { kind: 'agent', ...metadata, actions }, list());
}

/** A data plugin's DDL in our terms. Errors: `ddl.malformed`. */
export function convertDataDdl(foreign: ForeignDdl, options: ImportOptions = {}): Result<Imported<DataDdl>> {
  const { warn, list } = createWarnings();
  const [query, ...more] = foreign.actions;
  if (query === undefined || more.length > 0) return fail('ddl.malformed', 'A data plugin has exactly one query');
  const [input, ...others] = query.inputs;
  if (others.length > 0) return fail('ddl.malformed', 'The query of a data plugin takes one input');
  const ddl = {
    kind: 'data',
    ...metadataOf(foreign, options, warn),
    query: input === undefined ? null : convertInput(input, 'query', warn),
    outputs: itemsOf<OutputDefinition>(query.outputs, 'output', convertOutput, warn),
  };
  return finish(dataDdlSchema, ddl, list());
}

/** The plugin's name that the name of a DDL's file gives (`fact` for `data/fact_data.ddl`); undefined where it is no name. */
export function pluginNameOfFile(file: string, kind: 'agent' | 'data'): string | undefined {
  const base = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.(ddl|json)$/, '');
  const name = kind === 'data' ? base.replace(/_data$/, '') : base;
  return validName.test(name) ? name : undefined;
}
