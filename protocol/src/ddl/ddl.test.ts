import { describe, expect, it } from 'vitest';
import { lintDdl } from '../ddl-lint/index.ts';
import { readAgentDdl, readDataDdl } from './import/read-ddl.ts';
import { readTextInput } from './read-text-input.ts';
import { actionSchema, agentDdlSchema, inputSchema } from './schema.ts';
import { validateInput, validateInputs, withDefaults } from './validate-inputs.ts';
import { validators } from './validators.ts';

const about = { prompt: 'P', description: 'D' };
const action = actionSchema.parse({
  name: 'install',
  description: 'Installs',
  effect: 'write',
  inputs: {
    package: { type: 'string', ...about, validation: 'package_name', maxlength: 20 },
    version: { type: 'string', ...about, validation: '^[0-9.]+$', maxlength: 0, optional: true },
    mode: { type: 'list', ...about, list: ['fast', 'safe'], default: 'safe' },
    tries: { type: 'integer', ...about, optional: true, default: 3 },
  },
});

describe('the schema of an input', () => {
  it('asks strings for a validation and a maxlength, and lists for their values', () => {
    expect(inputSchema.safeParse({ type: 'string', ...about }).success).toBe(false);
    expect(inputSchema.safeParse({ type: 'list', ...about }).success).toBe(false);
    expect(inputSchema.safeParse({ type: 'boolean', ...about, unknown: 1 }).success).toBe(false);
    expect(inputSchema.parse({ type: 'boolean', ...about })).toMatchObject({ optional: false, sensitive: false });
  });
});

describe('the schema of an agent', () => {
  const metadata = { author: 'A', license: 'MIT', version: '1.0.0', url: 'https://example.com', timeout: 5 };
  const output = { description: 'O', display_as: 'O' };
  const agent = { kind: 'agent', name: 'x', description: 'X', ...metadata, actions: [action] };

  it('takes text on its usage', () => {
    expect(agentDdlSchema.parse({ ...agent, usage: 'Needs curl.' }).usage).toBe('Needs curl.');
  });
  it.each([47, 3000, 500_000])('refuses values that nest too deep, and throws at none: %d levels', (levels) => {
    const value: unknown = JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    const deep = { ...agent, actions: [{ ...action, outputs: { x: { ...output, default: value } } }] };
    const malformed = { ok: false, error: { code: 'ddl.malformed', message: 'The DDL nests deeper than 48 levels' } };
    expect(readAgentDdl(deep)).toMatchObject(malformed);
    expect(readDataDdl({ metadata: { x: value } })).toMatchObject(malformed);
    expect(lintDdl(deep).map(({ message }) => message)).toEqual(['the document nests deeper than 48 levels']);
  });

  it('refuses two actions of one name', () => {
    expect(agentDdlSchema.safeParse({ ...agent, actions: [action, action] }).error?.message).toContain(
      'two actions have the same name',
    );
  });
});

describe('validateInputs', () => {
  const check = (inputs: Record<string, unknown>) => {
    const checked = validateInputs(action, inputs);
    return checked.ok ? 'ok' : checked.error.message;
  };

  it('accepts what fits', () => {
    expect(check({ package: 'nginx', mode: 'fast', tries: 2, version: '1.2' })).toBe('ok');
  });

  it.each([
    [{ mode: 'fast' }, 'Action install needs a package argument'],
    [{ package: 'nginx' }, 'Action install needs a mode argument'],
    [{ package: 'a b', mode: 'fast' }, 'Cannot validate input package: must be a package name'],
    [{ package: '-rf', mode: 'fast' }, 'Cannot validate input package: must be a package name'],
    [{ package: 'x'.repeat(21), mode: 'fast' }, 'Cannot validate input package: longer than 20 characters'],
    [{ package: 5, mode: 'fast' }, 'Cannot validate input package: must be a string'],
    [{ package: 'a', mode: 'slow' }, 'Cannot validate input mode: must be one of fast, safe'],
    [{ package: 'a', mode: 'fast', version: '1;2' }, 'Cannot validate input version: must match ^[0-9.]+$'],
    [{ package: 'a', mode: 'fast', tries: 1.5 }, 'Cannot validate input tries: must be an integer'],
    [{ package: 'a', mode: 'fast', force: true }, 'Cannot validate input force: action install has no such input'],
    [
      { package: 'a', mode: 'fast', constructor: 1 },
      'Cannot validate input constructor: action install has no such input',
    ],
  ])('refuses %j', (inputs, message) => {
    expect(check(inputs)).toBe(message);
  });

  it('takes hostile regular expressions in linear time, and broken ones as a refusal', () => {
    const hostile = inputSchema.parse({ type: 'string', ...about, validation: '^(a+)+$', maxlength: 0 });
    expect(validateInput('x', hostile, `${'a'.repeat(50_000)}!`).ok).toBe(false);
    const broken = inputSchema.parse({ type: 'string', ...about, validation: '(', maxlength: 0 });
    expect(validateInput('x', broken, 'a')).toMatchObject({ ok: false, error: { code: 'request.invalid_input' } });
  });
});

it('fills defaults in for what is required and missing, and for nothing else', () => {
  expect(withDefaults(action, { package: 'nginx' })).toEqual({ package: 'nginx', mode: 'safe' });
});

describe('readTextInput', () => {
  const read = (type: string, text: string) => {
    const value = readTextInput(
      'x',
      inputSchema.parse({ type, ...about, ...(type === 'string' ? { validation: '.', maxlength: 9 } : {}) }),
      text,
    );
    return value.ok ? value.value : value.error.message;
  };

  it.each([
    ['string', '5', '5'],
    ['boolean', 'YES', true],
    ['boolean', '0', false],
    ['boolean', 'maybe', 'x: "maybe" does not look like a boolean argument'],
    ['integer', '-12', -12],
    ['number', '1.5e3', 1500],
    ['number', '0x10', 'x: "0x10" does not look like a number'],
    ['float', '.5', 0.5],
    ['array', '[1,"a"]', [1, 'a']],
    ['hash', '{"a":1}', { a: 1 }],
    ['hash', '{a:1}', 'x: "{a:1}" is not JSON'],
  ])('reads %s %j', (type, text, expected) => {
    expect(read(type, text)).toEqual(expected);
  });

  it.each(['boolean', 'integer', 'hash'])('does not show a secret %s that it cannot read', (type) => {
    const read = readTextInput('pin', inputSchema.parse({ type, ...about, sensitive: true }), 'hunter2');
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});

describe('a validator', () => {
  it.each([
    ['shellsafe', ['plain text', 'a-b_c'], ['a;b', 'a|b', '$(x)', '`x`', 'a&b', 'a>b', 'a<b']],
    ['ipv4address', ['10.0.0.1', '255.255.255.255'], ['256.0.0.1', '1.2.3', '1.2.3.4.5', 'a']],
    [
      'ipv6address',
      ['::', '::1', 'fe80::1', '2001:db8:0:0:0:0:0:1', '::ffff:10.0.0.1'],
      [':::', '1::2::3', 'g::', '1:2:3:4:5:6:7', '10.0.0.1'],
    ],
    ['ipaddress', ['10.0.0.1', '::1'], ['localhost']],
    ['hostname', ['web01', 'web01.example.com'], ['-web', 'web_01', 'a..b', '']],
    ['fqdn', ['web01.example.com'], ['web01']],
    [
      'package_name',
      ['libc6', 'g++', 'foo-1.2', 'libc6:amd64', 'x'],
      ['--force', 'a b', 'a;b', 'foo-', '+foo', '~foo', ''],
    ],
    ['service_name', ['nginx', 'getty@tty1', 'a.service'], ['-x', 'a b']],
    ['puppet_resource', ['File[/etc/hosts]', 'My::Type[x y]'], ['File', 'File[]', '[x]']],
    ['puppet_tags', ['a', 'role::web,b'], ['a,,b', 'a b', '']],
    ['puppet_variable', ['os_family', 'A1'], ['a-b', 'a.b', '']],
    [
      'puppet_server_address',
      ['puppet', 'puppet.example.com:8140'],
      ['puppet:', 'puppet:0', 'a:1:2', 'a b', 'a:70000'],
    ],
    ['nettest_fqdn', ['web01', 'web01.example.com', '10.0.0.1', '::1'], ['web01;x', '-a', '::g']],
    [
      'nettest_server_address',
      ['web01.example.com:80', '10.0.0.1:80', '[::1]:80'],
      ['web01.example.com', ':80', 'a:b', '80', '::1:80', '[::1]', '[a]:80', 'a:0', 'a:65536'],
    ],
    ['bolt_task_name', ['facts', 'my_app::up2'], ['My', 'a::', 'a:b', '2a']],
    ['puppet_environment', ['production'], ['pro-duction', '']],
    ['url', ['https://example.com/a?b', 'http://x'], ['ftp://x', 'javascript:alert(1)', 'https:///x']],
    ['path', ['/etc/hosts', '/'], ['etc/hosts', '/a/../b', '/a\0b']],
  ])('%s', (name, good, bad) => {
    expect(good.filter((text) => validators[name]?.accepts(text) !== true)).toEqual([]);
    expect(bad.filter((text) => validators[name]?.accepts(text) !== false)).toEqual([]);
  });
});
