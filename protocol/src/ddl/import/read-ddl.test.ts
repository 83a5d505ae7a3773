import { describe, expect, it } from 'vitest';
import { convertAgentDdl, pluginNameOfFile, type ImportOptions } from './convert-ddl.ts';
import { rubyRegexToRe2 } from './convert-validation.ts';
import { readAgentDdl, readDataDdl } from './read-ddl.ts';

const metadata = {
  name: 'parcel',
  description: 'Looks after parcels',
  author: 'A. Author <a@example.com>',
  license: 'Apache-2.0',
  version: '1.2.0',
  url: 'https://example.com',
  timeout: 20,
};
const message = { prompt: 'Message', description: 'What to say', type: 'string', optional: false };
const text = { ...message, validation: 'shellsafe', maxlength: 120 };

/** As a file would have it: nothing in it is undefined. */
const stored = (document: unknown): unknown => JSON.parse(JSON.stringify(document));

const choria = (action: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  $schema: 'https://choria.io/schemas/mcorpc/ddl/v1/agent.json',
  metadata: { ...metadata, provider: 'external', ...more },
  actions: [{ action: 'send', description: 'Sends one', display: 'always', input: {}, output: {}, ...action }],
});

function read(json: unknown, options?: ImportOptions) {
  const result = readAgentDdl(stored(json), options);
  if (!result.ok) throw new Error(result.error.message);
  return { ...result.value, action: result.value.ddl.actions[0] };
}
const refusal = (json: unknown, options?: ImportOptions) => {
  const result = readAgentDdl(json, options);
  return result.ok ? undefined : result.error;
};

describe('a DDL of Choria', () => {
  it('becomes one of ours', () => {
    const { ddl, warnings, origin, provider } = read(
      choria({
        input: { message: text, mode: { ...message, type: 'list', list: ['slow', 'fast'], optional: true } },
        output: { state: { description: 'State of it', display_as: 'State', type: 'string', default: 'lost' } },
        aggregate: [{ function: 'summary', args: ['state', { format: '%s on %d node(s)' }] }],
      }),
    );
    expect({ warnings, origin, provider }).toEqual({ warnings: [], origin: 'choria', provider: 'external' });
    expect(ddl).toEqual({
      kind: 'agent',
      ...metadata,
      actions: [
        {
          name: 'send',
          description: 'Sends one',
          display: 'always',
          effect: 'write',
          idempotent: false,
          inputs: {
            message: { ...text, sensitive: false },
            mode: { ...message, type: 'list', list: ['slow', 'fast'], optional: true, sensitive: false },
          },
          outputs: { state: { description: 'State of it', display_as: 'State', type: 'string', default: 'lost' } },
          aggregates: [{ function: 'summary', output: 'state', format: '%s on %d node(s)' }],
        },
      ],
    });
  });

  it('takes effects from whoever imports it, and only for actions that there are', () => {
    expect(read(choria(), { effects: { send: 'read' } }).action?.effect).toBe('read');
    expect(refusal(choria(), { effects: { sned: 'read' } })).toMatchObject({
      code: 'ddl.malformed',
      message: 'An effect is given for sned, but the DDL has no such action',
    });
  });

  it('is called as its file is', () => {
    expect(read(choria(), { name: 'letter' })).toMatchObject({
      ddl: { name: 'letter' },
      warnings: ['metadata: the DDL calls itself "parcel", here it is letter'],
    });
  });

  it('carries the shape over that Ruby tools write: capital types, null sections, options beside the arguments', () => {
    const { action, warnings } = read(
      choria({
        display: null,
        input: { tags: { ...message, type: 'Array' }, more: { ...message, type: 'Hash', default: null } },
        output: { n: { description: 'N', display_as: 'N', type: 'list' }, ok: { description: 'O', display_as: 'O' } },
        aggregate: [
          { function: 'boolean_summary', args: ['ok', { true: 'up', false: 'down' }], format: '%s: %d' },
          { function: 'nettest_mma', args: ['n'] },
          { function: 'nagios_states', args: ['n'] },
        ],
      }),
    );
    expect(warnings).toEqual([]);
    expect(action).toMatchObject({
      display: 'failed',
      inputs: { tags: { type: 'array' }, more: { type: 'hash' } },
      outputs: { n: { type: 'array' }, ok: { type: 'any' } },
      aggregates: [
        { function: 'boolean_summary', labels: { true: 'up', false: 'down' }, format: '%s: %d' },
        { function: 'minmax', format: 'Min: %.3fms  Max: %.3fms  Average: %.3fms' },
        { function: 'summary', labels: { 0: 'OK', 3: 'UNKNOWN' } },
      ],
    });
    expect(action?.inputs['more']).not.toHaveProperty('default');
  });

  it.each([
    [{ input: { a: { ...text, validation: 'moon_phase' } } }, 'the validator moon_phase is not known here'],
    [{ input: { a: { ...text, validation: '(?<!x)a' } } }, 'RE2 cannot do the regular expression (?<!x)a'],
    [{ input: { a: { ...text, validation: null } } }, 'no validation, so it must be shellsafe'],
    [{ input: { a: { ...message, validation: '.' } } }, 'no maxlength, so it may have any length'],
    [{ input: { a: { ...text, default: 'a;b' } } }, 'the default does not fit the input itself, left out'],
    [{ input: { a: { ...text, colour: 'red' } } }, 'action send, input a: colour means nothing here'],
    [{ input: { a: { ...text, type: 'any' } } }, 'the type "any" is not known here, taken as string'],
    [{ output: { a: { description: 'A', display_as: 'A', type: 'blob' } } }, 'the type "blob" is not known here'],
    [{ output: { a: { description: 'A' } } }, 'action send, output a: no display_as'],
    [{ aggregate: [{ function: 'process_summary', args: ['a'] }] }, 'the aggregate process_summary is not known here'],
    [{ aggregate: [{ function: 'summary', args: ['a'] }] }, 'of an output that the action does not have, left out'],
    [{ display: 'flatten' }, 'display flatten is not known here, taken as always'],
    [{ description: 'x'.repeat(2000) }, 'description cut to 1000 characters'],
  ])('warns of what has no equivalent: %j', (action, warning) => {
    expect(read(choria(action)).warnings.join('\n')).toContain(warning);
  });

  it.each([
    [{ timeout: 0 }, 10],
    [{ timeout: undefined }, 10],
    [{ timeout: 1e9 }, 86_400],
  ])('makes the best of %j', (more, timeout) => {
    const { ddl, warnings } = read(choria({}, more));
    expect(ddl.timeout).toBe(timeout);
    expect(warnings).toHaveLength(1);
  });

  it('says what its metadata lacks', () => {
    expect(read(choria({}, { author: undefined, service: true })).warnings).toEqual([
      'metadata: service means nothing here',
      'metadata: no author',
    ]);
  });

  it.each([
    [{ metadata }, 'actions: '],
    [{ metadata, actions: [] }, 'actions: '],
    [{ metadata, actions: [{ action: 'A-b', description: '' }] }, 'actions.0.name: '],
    [{ metadata, actions: [{ action: 'a', description: 'a', input: { 'a b': text } }] }, 'actions.0.inputs.a b: '],
    [{ metadata, actions: [1] }, 'actions.0: '],
    [[], 'not a JSON object'],
    [null, 'not a JSON object'],
    [{}, 'kind is not "agent"'],
  ])('refuses %j', (json, message) => {
    expect(refusal(json)?.code).toBe('ddl.malformed');
    expect(refusal(json)?.message).toContain(message);
  });
});

describe('a DDL of ours', () => {
  const own = { kind: 'agent', ...metadata, actions: [{ name: 'send', description: 'Sends', effect: 'read' }] };

  it('is read as it is, with its defaults', () => {
    expect(read({ $schema: 'agent-ddl.schema.json', ...own })).toMatchObject({
      origin: 'muster',
      warnings: [],
      action: { effect: 'read', display: 'failed', inputs: {} },
    });
  });
  it('is refused where it does not fit, with the place', () => {
    expect(refusal({ ...own, actions: [{ ...own.actions[0], effect: 'guess' }] })?.message).toContain(
      'actions.0.effect: ',
    );
    expect(refusal({ ...own, kind: 'data' })?.message).toBe('This is no DDL of an agent: kind is not "agent"');
  });
});

describe('a data plugin of Choria', () => {
  const output = { free: { description: 'Free space', display_as: 'Free', type: 'integer' } };

  it('becomes one of ours', () => {
    const result = readDataDdl(stored({ metadata, query: { ...text, optional: undefined }, output }));
    expect(result).toMatchObject({
      ok: true,
      value: { ddl: { kind: 'data', query: { type: 'string', optional: false }, outputs: output }, warnings: [] },
    });
  });
  it('may take no question', () => {
    expect(readDataDdl({ metadata, output })).toMatchObject({ ok: true, value: { ddl: { query: null } } });
  });
});

it('refuses a document with two queries', () => {
  expect(convertAgentDdl({ meta: metadata, actions: [] })).toMatchObject({
    ok: false,
    error: { code: 'ddl.malformed' },
  });
});

describe('a regular expression of Ruby', () => {
  it.each([
    ['(?-mix:^[\\w\\_]+$)', '^[\\w\\_]+$'],
    ['(?i-mx:^a$)', '(?i)^a$'],
    ['(?m-ix:a.b)', '(?s)a.b'],
    ['(?x-mi:a b # c\n[ #] \\ d)', 'ab[ #]\\ d'],
    ['\\A\\h+\\Z', '\\A[0-9a-fA-F]+\\z'],
    ['[\\hx]', '[0-9a-fA-Fx]'],
    ['a(?=b)', undefined],
    ['(', undefined],
  ])('%s becomes %s', (ruby, re2) => {
    expect(rubyRegexToRe2(ruby)).toBe(re2);
  });
});

it.each([
  ['/a/b/package.ddl', 'agent', 'package'],
  ['C:\\a\\fact_data.ddl', 'data', 'fact'],
  ['parcel.json', 'agent', 'parcel'],
  ['/a/b/Not A Name.ddl', 'agent', undefined],
] as const)('the file %s is of %s %s', (file, kind, name) => {
  expect(pluginNameOfFile(file, kind)).toBe(name);
});
