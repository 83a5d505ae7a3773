import { describe, expect, it } from 'vitest';
import {
  policyFilesOf,
  policyVectors,
  type PolicyCase,
  type PolicyVectors,
} from '../../../test/support/policy-vectors.ts';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

const vectors = policyVectors('policy-vectors');
const own = policyVectors('policy-cases');

/** The folder of a case, and the node. */
const filesOf = ({ node }: PolicyVectors, one: PolicyCase): Record<string, string> => ({
  'node.json': JSON.stringify(node),
  'policies/README': 'no policy',
  ...Object.fromEntries([...policyFilesOf(one)].map(([name, text]) => [`policies/${name}`, text])),
});

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const argsOf = ({ caller, agent, action, inputs = {} }: PolicyCase): string[] => [
  ...['policy', 'check', '--policies', 'policies', '--node', 'node.json'],
  ...['--caller', caller, '--agent', agent, '--action', action],
  ...Object.entries(inputs).map(([key, value]) => `${key}=${wordOf(value)}`),
];

async function muster(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const world = memoryWorld({ files });
  const code = await runMuster(args, world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

interface Answer {
  readonly allow: boolean;
  readonly rule: { readonly file: string; readonly line: number } | null;
  readonly reason: string;
}

async function check(from: PolicyVectors, one: PolicyCase): Promise<Answer> {
  const { code, out, err } = await muster(argsOf(one), filesOf(from, one));
  expect(err).toBe('');
  const answer = JSON.parse(out) as Answer; // what is asserted next
  expect(Object.keys(answer)).toEqual(['allow', 'rule', 'reason']);
  expect(answer.reason).not.toBe('');
  expect(code).toBe(answer.allow ? 0 : 1);
  return answer;
}

describe('muster policy check', () => {
  it.each(vectors.cases.map((one, index) => [index, one] as const))('golden case %i', async (_index, one) => {
    expect((await check(vectors, one)).allow).toBe(one.expect === 'allow');
  });

  it.each(own.cases.filter(({ typed }) => typed !== true).map((one) => [one.name, one] as const))(
    '%s',
    async (_name, one) => {
      const { allow, rule, reason } = await check(own, one);
      expect({ allow, rule: rule && `${rule.file}:${rule.line}`, reason }).toEqual({
        allow: one.expect === 'allow',
        rule: one.rule,
        reason: expect.stringContaining(one.reason ?? '') as string,
      });
    },
  );

  it('has golden cases, and more than sixty of our own', () => {
    expect(vectors.cases.length).toBeGreaterThan(20);
    expect(own.cases.length).toBeGreaterThan(60);
  });
});

const shellRun = {
  kind: 'agent',
  name: 'shell',
  description: 'x',
  author: 'x',
  license: 'x',
  version: '1.0.0',
  url: '',
  timeout: 5,
  actions: [
    {
      name: 'run',
      description: 'x',
      effect: 'write',
      inputs: {
        command: { type: 'string', prompt: 'x', description: 'x', validation: '^.+$', maxlength: 20 },
        timeout: { type: 'number', prompt: 'x', description: 'x', optional: true },
      },
    },
  ],
};

describe('the inputs', () => {
  const one = { policy: null, caller: 'cert=a', agent: 'shell', action: 'run', expect: 'allow' } as const;
  const files = {
    ...filesOf(own, one),
    'policies/shell.policy':
      'allow\tcert=a\trun\t*\t*\twhere command = 5\nallow\tcert=a\trun\t*\t*\twhere timeout < 9\n',
    'shell.json': JSON.stringify(shellRun),
  };
  const withDdl = (...inputs: string[]) => muster([...argsOf(one), '--ddl', 'shell.json', ...inputs], files);

  it('have the types of the DDL, where it is given', async () => {
    expect(JSON.parse((await withDdl('command=5')).out)).toMatchObject({ allow: true, rule: { line: 1 } });
    expect(JSON.parse((await withDdl('command=5.0')).out)).toMatchObject({ allow: false });
    expect(JSON.parse((await withDdl('command=x', 'timeout=8')).out)).toMatchObject({ allow: true, rule: { line: 2 } });
  });

  it('must then fit', async () => {
    expect(await withDdl('command=x', 'speed=9')).toMatchObject({ code: 2 });
    expect((await withDdl('timeout=9')).out).toContain('needs a command argument');
  });

  it('may come from files', async () => {
    const { out } = await muster([...argsOf(one), 'command=@five'], { ...files, five: '5\n' });
    expect(JSON.parse(out)).toMatchObject({ allow: true });
  });

  it('of an agent without a DDL are no guess where DDLs are named', async () => {
    const { code, out } = await muster([...argsOf({ ...one, agent: 'service' }), '--ddl', 'shell.json'], files);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'agent.unknown' } });
  });
});

describe('what goes wrong', () => {
  const one = { policy: '', caller: 'cert=a', agent: 'service', action: 'status', expect: 'deny' } as const;
  const files = filesOf(own, one);

  it.each([
    ['no folder', argsOf(one), { 'node.json': '{"identity":"a"}' }, 'policy.unreadable'],
    ['no node', argsOf(one), { ...files, 'node.json': '{}' }, 'message.malformed'],
    ['no caller', argsOf({ ...one, caller: 'bob' }), files, 'usage.invalid'],
    ['an input without a value', [...argsOf(one), 'command'], files, 'usage.invalid'],
    ['a flag that is missing', ['policy', 'check', '--policies', 'policies'], files, 'usage.invalid'],
  ])('%s is 2, and said in JSON', async (_what, args, given, code) => {
    const result = await muster(args, given);
    expect(result).toMatchObject({ code: 2, err: '' });
    expect(JSON.parse(result.out)).toMatchObject({ error: { code } });
  });
});
