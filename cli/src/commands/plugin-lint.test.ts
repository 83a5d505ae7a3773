import { lintRules, type LintRule } from '@muster/protocol/ddl-lint';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

const to = { type: 'string', prompt: 'To', description: 'Host to send it to', validation: 'hostname', maxlength: 253 };
const how = { type: 'list', prompt: 'How', description: 'How fast', list: ['slow', 'fast'] };
const state = { description: 'What became of it', display_as: 'State', type: 'string' };
const weight = { description: 'Weight in grams', display_as: 'Weight', type: 'integer' };
const sent = { description: 'Whether it was sent', display_as: 'Sent', type: 'boolean' };
const send = {
  name: 'send',
  description: 'Sends a parcel',
  effect: 'write',
  inputs: { to, how },
  outputs: { state, weight, sent },
  aggregates: [{ function: 'summary', output: 'state' }],
};
const metadata = {
  name: 'parcel',
  description: 'Looks after parcels',
  author: 'A. Author',
  license: 'Apache-2.0',
  version: '1.0.0',
  url: 'https://example.com/parcel',
  timeout: 20,
};
const agent = { $schema: 'agent-ddl.schema.json', kind: 'agent', ...metadata, actions: [send] };
const question = { ...to, prompt: 'Shelf', optional: true };
const data = { kind: 'data', ...metadata, timeout: 1, query: question, outputs: { full: { ...sent } } };

const action = (change: Record<string, unknown>) => ({ ...agent, actions: [{ ...send, ...change }] });
const input = (change: Record<string, unknown>) => action({ inputs: { to: { ...to, ...change }, how } });
const list = (change: Record<string, unknown>) => action({ inputs: { to, how: { ...how, ...change } } });
const output = (change: Record<string, unknown>) =>
  action({ outputs: { state: { ...state, ...change }, weight, sent } });
const aggregate = (...aggregates: unknown[]) => action({ aggregates });

async function lint(files: Readonly<Record<string, string>>, ...flags: string[]) {
  const world = memoryWorld({ files });
  const code = await runMuster(['plugin', 'lint', ...Object.keys(files), ...flags], world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

/** The findings for a document, each with the text that stands where it points. */
async function findings(document: unknown, file = 'parcel.json') {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2);
  const { code, out } = await lint({ [file]: text }, '--json');
  const found = JSON.parse(out) as readonly { rule: LintRule; line: number; column: number; message: string }[];
  const lines = text.split('\n');
  const marked = found.map(({ rule, line, column, message }) => {
    return { rule, at: lines[line - 1]?.slice(column - 1).replace(/,$/, '') ?? '', message };
  });
  return { code, found: marked };
}

/** A fault, the rule that finds it, and what stands at the place that is told. */
type Seed = readonly [LintRule, fault: unknown, at: string];

const seeds: readonly Seed[] = [
  ['syntax', '{\n  "kind": "agent",\n  "name": \n}', '}'],
  ['duplicate-key', '{\n  "kind": "agent",\n  "kind": "data"\n}', '"kind": "data"'],
  ['schema', action({ effect: 'guess' }), '"guess"'],
  ['schema', input({ prompt: undefined }), '{'],
  ['schema', input({ maxlength: undefined }), '"hostname"'],
  ['schema', list({ list: undefined }), '{'],
  ['schema', input({ type: 'any' }), '"any"'],
  ['schema', input({ colour: 'red' }), '"colour": "red"'],
  ['schema', { ...agent, timeout: 0 }, '0'],
  ['schema', { ...agent, license: undefined }, '{'],
  ['schema', { ...agent, $schema: 1 }, '1'],
  ['schema', [], '[]'],
  ['foreign', { metadata, actions: [] }, '{'],
  ['file-name', { ...agent, name: 'letter' }, '"letter"'],
  ['version', { ...agent, version: '1.0' }, '"1.0"'],
  ['url', { ...agent, url: 'ftp://example.com' }, '"ftp://example.com"'],
  ['timeout', { ...agent, timeout: 3600 }, '3600'],
  ['timeout', { ...data, timeout: 60 }, '60'],
  ['empty-text', action({ description: ' ' }), '" "'],
  ['empty-text', input({ prompt: '' }), '""'],
  ['long-label', output({ display_as: 'x'.repeat(61) }), `"${'x'.repeat(61)}"`],
  ['duplicate-action', { ...agent, actions: [send, { ...send, description: 'Sends again' }] }, '"send"'],
  ['name-style', action({ inputs: { toHost: to } }), '{'],
  ['hidden-answers', action({ name: 'tell', effect: 'read', idempotent: true, aggregates: [] }), '{'],
  ['effect', action({ name: 'delete_all', effect: 'read', idempotent: true, display: 'always' }), '"read"'],
  ['effect', action({ name: 'status', effect: 'destructive' }), '"destructive"'],
  ['idempotent', action({ name: 'tell', effect: 'read', display: 'always' }), '"read"'],
  ['idempotent', action({ effect: 'destructive', inputs: {} }), '"destructive"'],
  ['unknown-validator', input({ validation: 'shell_safe' }), '"shell_safe"'],
  ['unknown-validator', input({ validation: 'ipv4' }), '"ipv4"'],
  ['broken-regex', input({ validation: '^[a-z$' }), '"^[a-z$"'],
  ['re2-regex', input({ validation: '^(?!-)\\w+$' }), '"^(?!-)\\\\w+$"'],
  ['re2-regex', input({ validation: '^(a)\\1$' }), '"^(a)\\\\1$"'],
  ['unanchored-regex', input({ validation: '^[a-z]+' }), '"^[a-z]+"'],
  ['anything-goes', input({ validation: '.*', maxlength: 0 }), '".*"'],
  ['default-misfit', input({ default: 'no host' }), '"no host"'],
  ['default-misfit', list({ default: 'later' }), '"later"'],
  ['default-unused', list({ default: 'slow', optional: true }), '"slow"'],
  ['sensitive-default', input({ sensitive: true, default: 'web1' }), '"web1"'],
  [
    'sensitive-output',
    action({ outputs: { to: state }, aggregates: [], inputs: { to: { ...to, sensitive: true } } }),
    '{',
  ],
  ['unused-property', list({ maxlength: 4 }), '4'],
  ['unused-property', input({ list: ['web1'] }), '['],
  ['duplicate-value', list({ list: ['slow', 'fast', 'slow'] }), '"slow"'],
  ['unknown-output', aggregate({ function: 'summary', output: 'status' }), '"status"'],
  ['aggregate-type', aggregate({ function: 'boolean_summary', output: 'state' }), '"boolean_summary"'],
  ['aggregate-type', aggregate({ function: 'average', output: 'sent' }), '"average"'],
  ['aggregate-labels', aggregate({ function: 'sum', output: 'weight', labels: { 1: 'one' } }), '{'],
  ['aggregate-labels', aggregate({ function: 'boolean_summary', output: 'sent', labels: { yes: 'up' } }), '"up"'],
  ['aggregate-format', aggregate({ function: 'average', output: 'weight', format: '%d of %d' }), '"%d of %d"'],
  ['aggregate-format', aggregate({ function: 'average', output: 'weight', format: '%x' }), '"%x"'],
  [
    'duplicate-aggregate',
    aggregate({ function: 'summary', output: 'state' }, { function: 'summary', output: 'state', format: '%s' }),
    '{',
  ],
  ['output-default', output({ default: 5 }), '5'],
  ['query', { ...data, query: { type: 'integer', prompt: 'Shelf', description: 'Which' } }, '"integer"'],
  ['data-output', { ...data, outputs: { all: { ...state, type: 'array' } } }, '"array"'],
];

describe('muster plugin lint', () => {
  it.each(seeds)('finds %s in %j', async (rule, fault, at) => {
    const { code, found } = await findings(fault);
    expect(code).toBe(1);
    expect(found.map((finding) => finding.rule)).toContain(rule);
    expect(found.filter((finding) => finding.rule === rule).map((finding) => finding.at)).toContain(at);
    // One fault is one finding, but for what leaves nothing to read.
    if (!['syntax', 'duplicate-key'].includes(rule) && at !== '[]') expect(found).toHaveLength(1);
  });

  it('has a seeded fault for each rule', () => {
    expect(new Set(seeds.map(([rule]) => rule))).toEqual(new Set(Object.keys(lintRules)));
  });

  it.each([
    ['an agent', agent],
    ['a data plugin', data],
    ['a data plugin without a question', { ...data, query: null }],
    ['labels and formats that fit', aggregate({ function: 'minmax', output: 'weight', format: '%d to %d, %.1f%%' })],
    ['anything, if it is short', input({ validation: '.', maxlength: 20 })],
  ])('has nothing against %s', async (_name, document) => {
    expect(await findings(document)).toEqual({ code: 0, found: [] });
  });

  it('says what was probably meant', async () => {
    const { found } = await findings(input({ validation: 'shell_safe' }));
    expect(found[0]?.message).toBe(
      'shell_safe is no validator, so it is a regular expression; did you mean shellsafe?',
    );
  });

  it('writes a line for each finding, of all files, as editors read them', async () => {
    const { code, out, err } = await lint({
      'a/parcel.json': JSON.stringify({ ...agent, version: '1', timeout: 3600 }, null, 1),
      'letter.json': '{}x',
    });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.split('\n')).toEqual([
      'a/parcel.json:8:13: "1" is not of the form 1.2.3 [version]',
      'a/parcel.json:10:13: 3600 seconds are longer than 900 [timeout]',
      "letter.json:1:3: Unexpected character 'x' found. [syntax]",
      '',
    ]);
  });

  it('lets no file steer the terminal', async () => {
    const { out } = await lint({ 'parcel.json': JSON.stringify({ ...agent, name: 'x', version: '\u001b[2J' }) });
    expect(out).not.toContain('\u001b');
  });

  it('says which file cannot be read', async () => {
    const world = memoryWorld();
    expect(await runMuster(['plugin', 'lint', 'nosuch.json'], world.surroundings)).toBe(1);
    expect(world.stderr.text()).toContain('nosuch.json cannot be read');
  });
});
