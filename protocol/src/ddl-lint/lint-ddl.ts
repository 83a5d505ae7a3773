import type { z } from 'zod';
import { actionSchema, agentDdlSchema, dataDdlSchema, ddlDepth, inputSchema, outputSchema } from '../ddl/index.ts';
import { nestsDeeper } from '../envelope/index.ts';
import type { LintFinding, Report } from './finding.ts';
import { lintAction, lintOutput } from './lint-action.ts';
import { lintInput } from './lint-input.ts';
import { lintTexts } from './lint-text.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const semantic = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** Longest time limits that go without a finding, in seconds. */
const usualSeconds = { agent: 900, data: 10 } as const;

/** What the schema has against the document; unknown properties each by themselves. */
function schemaFindings(schema: z.ZodType, document: unknown): readonly LintFinding[] {
  const parsed = schema.safeParse(document);
  return (parsed.error?.issues ?? []).flatMap((issue): readonly LintFinding[] => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        return { rule: 'schema', path: [...path, key], atKey: true, message: `${key} is no property here` };
      });
    }
    // Names found twice have a finding of their own, at the second of them.
    if (issue.code === 'custom' && path.length === 1 && path[0] === 'actions') return [];
    const place = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
    return [{ rule: 'schema', path, message: `${place}${issue.message}` }];
  });
}

function lintMetadata(document: Json, kind: 'agent' | 'data', name: string | undefined, report: Report): void {
  const texts = ['description', 'author', 'license'].map((key) => [key, textOf(document[key])] as const);
  lintTexts(Object.fromEntries(texts), [], report);
  const own = textOf(document['name']);
  if (name !== undefined && own !== undefined && own !== name) {
    report('file-name', ['name'], `the plugin is called ${own}, its file ${name}`);
  }
  const version = textOf(document['version']);
  if (version !== undefined && !semantic.test(version)) {
    report('version', ['version'], `${JSON.stringify(version)} is not of the form 1.2.3`);
  }
  const url = textOf(document['url']);
  if (url !== undefined && url !== '' && !/^https?:\/\/[^\s/]+/.test(url)) {
    report('url', ['url'], `${url} is neither http nor https`);
  }
  const { timeout } = document;
  if (typeof timeout === 'number' && timeout > usualSeconds[kind]) {
    report('timeout', ['timeout'], `${timeout} seconds are longer than ${usualSeconds[kind]}`);
  }
}

function lintActions(actions: unknown, report: Report): void {
  const seen = new Set<string>();
  (Array.isArray(actions) ? (actions as readonly unknown[]) : []).forEach((action, index) => {
    const path = ['actions', index];
    const name = isObject(action) ? textOf(action['name']) : undefined;
    if (name !== undefined && seen.has(name)) {
      report('duplicate-action', [...path, 'name'], `there is another action ${name}`);
    }
    if (name !== undefined) seen.add(name);
    // What does not fit the schema has its finding already.
    const parsed = actionSchema.safeParse(action);
    if (parsed.success) lintAction(parsed.data, path, report);
  });
}

function lintData({ query, outputs }: Json, report: Report): void {
  const question = inputSchema.safeParse(query);
  if (question.success) {
    lintInput('query', question.data, ['query'], report);
    if (question.data.type !== 'string') report('query', ['query', 'type'], 'filters ask with strings alone');
  }
  for (const [name, output] of Object.entries(isObject(outputs) ? outputs : {})) {
    const parsed = outputSchema.safeParse(output);
    if (!parsed.success) continue;
    lintOutput(name, parsed.data, ['outputs', name], report);
    if (parsed.data.type === 'array' || parsed.data.type === 'hash') {
      report('data-output', ['outputs', name, 'type'], `filters compare no ${parsed.data.type}`);
    }
  }
}

/**
 * All that is wrong with a DDL, as it was parsed from JSON, in the order of schema first. `name` is the plugin's name by its
 * file. A finding is never a matter of taste alone: the DDL is broken, or somebody will be surprised.
 */
export function lintDdl(
  document: unknown,
  { name }: { readonly name?: string | undefined } = {},
): readonly LintFinding[] {
  if (!isObject(document)) return [{ rule: 'schema', path: [], message: 'the document is no object' }];
  if (nestsDeeper(document, ddlDepth)) {
    return [{ rule: 'schema', path: [], message: `the document nests deeper than ${ddlDepth} levels` }];
  }
  if (!('kind' in document) && isObject(document['metadata'])) {
    const message = 'this DDL is Choria’s; muster plugin import-ddl makes one of ours of it';
    return [{ rule: 'foreign', path: [], message }];
  }
  const { $schema, ...ddl } = document;
  const kind = ddl['kind'] === 'data' ? 'data' : 'agent';
  const findings = [...schemaFindings(kind === 'data' ? dataDdlSchema : agentDdlSchema, ddl)];
  if ($schema !== undefined && typeof $schema !== 'string') {
    findings.push({ rule: 'schema', path: ['$schema'], message: '$schema is no text' });
  }
  const report: Report = (rule, path, message) => {
    findings.push({ rule, path, message });
  };
  lintMetadata(ddl, kind, name, report);
  if (kind === 'data') lintData(ddl, report);
  else lintActions(ddl['actions'], report);
  return findings;
}
