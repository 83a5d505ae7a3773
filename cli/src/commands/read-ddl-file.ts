import {
  convertAgentDdl,
  convertDataDdl,
  pluginNameOfFile,
  readAgentDdl,
  readDataDdl,
  type AgentDdl,
  type DataDdl,
  type Imported,
  type ImportOptions,
} from '@muster/protocol/ddl';
import { fail, type Result } from '@muster/protocol/errors';
import { readRubyDdl } from '@muster/protocol/ruby-ddl';
import { readPlacedJson } from '../output/json-places.ts';
import type { Surroundings } from '../surroundings.ts';
import { longestDdlBytes } from './plugin-lint.ts';

type AnyDdl = AgentDdl | DataDdl;

const named = (file: string, kind: 'agent' | 'data', options: ImportOptions): ImportOptions => {
  const name = options.name ?? pluginNameOfFile(file, kind);
  return { ...options, ...(name === undefined ? {} : { name }) };
};

function fromRuby(file: string, text: string, options: ImportOptions): Result<Imported<AnyDdl>> {
  const read = readRubyDdl(text);
  if (!read.ok) return fail('ddl.malformed', `${file}: ${read.error.message}`);
  const { kind, document } = read.value;
  if (kind === 'agent') return convertAgentDdl(document, named(file, kind, options));
  if (kind === 'data') return convertDataDdl(document, named(file, kind, options));
  return fail('ddl.malformed', `${file} describes neither an agent nor a data plugin`, {
    mend: 'DDLs of validators, aggregates, connectors and ways of discovery hold nothing that Muster could use.',
  });
}

function fromJson(file: string, text: string, options: ImportOptions): Result<Imported<AnyDdl>> {
  const json = readPlacedJson(text);
  if ('message' in json)
    return fail('ddl.malformed', `${file}, line ${json.line}, column ${json.column}: ${json.message}`);
  const { value } = json;
  const keys = typeof value === 'object' && value !== null ? value : {};
  const isData = 'kind' in keys ? keys.kind === 'data' : 'query' in keys || !('actions' in keys);
  return isData ? readDataDdl(value, named(file, 'data', options)) : readAgentDdl(value, named(file, 'agent', options));
}

/** A DDL from a file: ours, Choria's in JSON, or MCollective's in Ruby. Errors: `ddl.malformed`, `list.malformed` when it cannot be read. */
export async function readDdlFile(
  file: string,
  options: ImportOptions,
  surroundings: Surroundings,
): Promise<Result<Imported<AnyDdl>>> {
  const text = await surroundings.readFile(file, { longestBytes: longestDdlBytes });
  if (!text.ok) return text;
  return /^[\s\uFEFF]*\{/.test(text.value) ? fromJson(file, text.value, options) : fromRuby(file, text.value, options);
}
