import { policyLintRules, type PolicyLintRule } from '@muster/protocol/policy-lint';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

const text = { type: 'string', prompt: 'x', description: 'x', validation: '^[a-z]+$', maxlength: 20, optional: true };
const ddl = {
  kind: 'agent',
  name: 'service',
  description: 'x',
  author: 'x',
  license: 'x',
  version: '1.0.0',
  url: '',
  timeout: 5,
  actions: [
    { name: 'status', description: 'x', effect: 'read', inputs: { service: { ...text, optional: false } } },
    {
      name: 'restart',
      description: 'x',
      effect: 'write',
      inputs: {
        service: text,
        wait: { type: 'integer', prompt: 'x', description: 'x' },
        force: { type: 'boolean', prompt: 'x', description: 'x', optional: true },
        how: { type: 'list', prompt: 'x', description: 'x', list: ['slow', 'fast'] },
        names: { type: 'array', prompt: 'x', description: 'x' },
        more: { type: 'hash', prompt: 'x', description: 'x' },
      },
    },
  ],
};

type Files = Readonly<Record<string, string>>;

async function lint(files: Files, ...flags: string[]) {
  const inFolder = Object.fromEntries(Object.entries(files).map(([name, content]) => [`policies/${name}`, content]));
  const world = memoryWorld({ files: { ...inFolder, 'service.json': JSON.stringify(ddl) } });
  const code = await runMuster(['policy', 'lint', 'policies', ...flags], world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

/** The findings, as `FILE:LINE rule`. */
async function findings(files: Files, flags: readonly string[] = ['--ddl', 'service.json']) {
  const { code, out } = await lint(files, '--json', ...flags);
  const found = JSON.parse(out) as readonly { file: string; line: number | null; rule: PolicyLintRule }[];
  return { code, found: found.map(({ file, line, rule }) => `${file}:${line ?? ''} ${rule}`) };
}

const good = 'policy default deny\n';
const own = (...lines: readonly string[]) => ({
  'service.policy': `${good}${lines.map((line) => `${line}\n`).join('')}`,
});
const where = (text: string) => own(`allow\tcert=a\trestart\t*\t*\twhere ${text}`);
const on = { 'settings.json': '{"enable_default": true}' };
const byDefault = (...lines: readonly string[]) => ({ ...on, 'default.policy': own(...lines)['service.policy'] });

/** Files, and what is found in them: nothing else. */
type Seed = readonly [PolicyLintRule, Files, at: string];

const seeds: readonly Seed[] = [
  ['syntax', own('allow\tcert=a'), 'service.policy:2'],
  ['syntax', own('allow\t/(/\t*\t*\t*'), 'service.policy:2'],
  ['syntax', own('allow\tcert=a\t*\tos=\t*'), 'service.policy:2'],
  ['syntax', { ...own(), groups: 'ops web\n' }, 'groups:1'],
  ['settings', { ...own(), 'settings.json': '{"enable": 1}' }, 'settings.json:'],
  ['stray-file', { ...own(), 'Service.policy': '' }, 'Service.policy:'],
  ['stray-file', { ...own(), 'service.policy~': '' }, 'service.policy~:'],
  ['unused-default', { 'default.policy': good }, 'default.policy:'],
  ['no-policy', on, ':'],
  ['several-defaults', own('policy default allow'), 'service.policy:1'],
  ['default-word', { 'service.policy': 'policy default no\n' }, 'service.policy:1'],
  ['shadowed', own('allow\tcert=a\t*\t*\t*', 'deny\tcert=a\trestart\t*\t*'), 'service.policy:3'],
  ['shadowed', own('deny\t*\t*\t*\t*', 'allow\tcert=a\trestart\tos=linux\t*'), 'service.policy:3'],
  ['shadowed', own('allow\t/^cert=a.*$/\tstatus\t*\t*', 'allow\tcert=ab\tstatus\t*\t*'), 'service.policy:3'],
  [
    'shadowed',
    own('allow\tcert=a\tstatus\t*\t*', 'allow\tcert=b\tstatus\t*\t*', 'deny\tcert=b cert=a\tstatus\tos=linux\t*'),
    'service.policy:4',
  ],
  [
    'shadowed',
    own('allow\tcert=a\t*\tos=linux\tapache', 'deny\tcert=a\trestart\tos=linux\tapache\twhere force'),
    'service.policy:3',
  ],
  [
    'shadowed',
    own('allow\t*\trestart\t*\t*\twhere wait < 9', 'allow\tcert=a\trestart\t*\t*\twhere force and wait < 9'),
    'service.policy:3',
  ],
  [
    'shadowed',
    { ...own('allow\tcert=a cert=b\tstatus\t*\t*', 'allow\tops\tstatus\t*\t*'), groups: 'ops cert=a cert=b\n' },
    'service.policy:3',
  ],
  ['unknown-group', own('allow\tops\tstatus\t*\t*'), 'service.policy:2'],
  ['empty-group', { ...own('allow\tops\tstatus\t*\t*'), groups: 'ops\n' }, 'groups:1'],
  ['unused-group', { ...own(), groups: '# of people\nops cert=a\n' }, 'groups:2'],
  ['foreign-caller', own('allow\tuid=0\tstatus\t*\t*'), 'service.policy:2'],
  ['foreign-caller', { ...own('allow\tops\tstatus\t*\t*'), groups: 'ops choria=a\n' }, 'groups:1'],
  ['unanchored-caller', own('allow\t/cert=a/\tstatus\t*\t*'), 'service.policy:2'],
  ['open-agent', { ...own(), 'discovery.policy': good }, 'discovery.policy:'],
  ['open-agent', byDefault('allow\tcert=a\tdiscovery service\tstatus\t*\t*'), 'default.policy:2'],
  ['other-agent', own('allow\tcert=a\tshell\tstatus\t*\t*'), 'service.policy:2'],
  ['unknown-agent', { ...own(), 'servise.policy': good }, 'servise.policy:'],
  ['unknown-agent', byDefault('allow\tcert=a\tservise\t*\t*\t*'), 'default.policy:2'],
  ['unknown-action', own('allow\tcert=a\tstatus reload\t*\t*'), 'service.policy:2'],
  ['unknown-action', byDefault('allow\tcert=a\treload\t*\t*'), 'default.policy:2'],
  ['unknown-input', where('name = a'), 'service.policy:2'],
  ['input-type', where('wait = /^5/'), 'service.policy:2'],
  ['input-type', where('service < 5'), 'service.policy:2'],
  ['input-type', where('force = maybe'), 'service.policy:2'],
  ['input-type', where('more = a'), 'service.policy:2'],
  ['input-value', where('service = "A b"'), 'service.policy:2'],
  ['input-value', where('how = later'), 'service.policy:2'],
  ['impossible-inputs', where('service = a and service = b'), 'service.policy:2'],
  ['impossible-inputs', where('service = a and service = /^b/'), 'service.policy:2'],
  ['impossible-inputs', where('wait > 9 and wait < 5'), 'service.policy:2'],
  ['impossible-inputs', where('force and not force'), 'service.policy:2'],
  ['impossible-inputs', own('deny\tcert=a\trestart\t*\t*\twhere service = a and service = b'), 'service.policy:2'],
  ['impossible-filter', own('allow\tcert=a\tstatus\tos=linux and not os=linux\t*'), 'service.policy:2'],
  ['impossible-filter', own('allow\tcert=a\tstatus\t@identity=a @identity=/^b/\t*'), 'service.policy:2'],
  ['impossible-filter', own('allow\tcert=a\tstatus\t(apache or nginx)\tnot apache and not nginx'), 'service.policy:2'],
];

describe('muster policy lint', () => {
  it.each(seeds)('finds %s in %j', async (rule, files, at) => {
    expect(await findings(files)).toEqual({
      code: 1,
      found: [expect.stringMatching(`^${at.replace('.', '\\.')}\\d* ${rule}$`)],
    });
  });

  it('is described in the guide, rule by rule', () => {
    const guide = readFileSync(new URL('../../../docs/guide/policies.md', import.meta.url), 'utf8');
    for (const [rule, meaning] of Object.entries(policyLintRules))
      expect(guide).toContain(`- \`${rule}\`: ${meaning}.`);
  });

  it('has a seeded fault for each rule', () => {
    expect(new Set(seeds.map(([rule]) => rule))).toEqual(new Set(Object.keys(policyLintRules)));
  });

  it.each([
    ['rules that decide something', own('deny\tcert=a\trestart\t*\t*', 'allow\tcert=a\t*\t*\t*')],
    [
      'a group that two lines have in part',
      {
        ...own('allow\tcert=a\tstatus\t*\t*', 'allow\tops\tstatus\t*\t*'),
        groups: 'ops cert=a cert=b\n',
      },
    ],
    ['another node', own('allow\tcert=a\t*\tos=linux\t*', 'deny\tcert=a\trestart\tos=bsd\t*')],
    ['other inputs', own('allow\t*\trestart\t*\t*\twhere wait < 9', 'allow\tcert=a\trestart\t*\t*\twhere wait < 8')],
    ['what a rule that denies means of arrays', own('deny\tcert=a\trestart\t*\t*\twhere names = a and names = b')],
    [
      'what an earlier rule that denies means of arrays',
      own('deny\tcert=a\trestart\t*\t*\twhere names = a', 'allow\tcert=a\trestart\t*\t*\twhere names = a'),
    ],
    ['facts that may be arrays', own('allow\tcert=a\tstatus\tips=10.0.0.1 ips=10.0.0.2\t*')],
    ['an enabled default', byDefault('allow\tcert=a\tservice\tstatus\t*\t*')],
    ['the line of the guide', { ...own(), ...where('service = /^web-/ and wait <= 60 and how = slow and not force') }],
  ])('has nothing against %s', async (_name, files) => {
    expect(await findings(files)).toEqual({ code: 0, found: [] });
  });

  it('says nothing of agents, actions and inputs that it does not know', async () => {
    expect(await findings({ 'nosuch.policy': where('x = 1')['service.policy'] }, [])).toEqual({
      code: 0,
      found: [],
    });
  });

  it('writes a line for each finding, as editors read them', async () => {
    const { code, out, err } = await lint({ ...own('allow\tcert=a\tre*\t*\t*', 'allow\tops\tstatus\t*\t*'), x: '' });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.split('\n')).toEqual([
      'service.policy:2:14: `re*` is not the name of an action. Names are small letters, digits and underscores, with blanks between them; `*` for every action stands alone. [syntax]',
      'service.policy:3:1: there is no group ops, so it means nobody [unknown-group]',
      'x: no node reads a file of this name [stray-file]',
      '',
    ]);
  });

  it('lets no file steer the terminal', async () => {
    const { out } = await lint({ '\u001b[2J': '', ...own('allow\t\u001b[2J\t*\t*\t*') });
    expect(out).not.toContain('\u001b');
  });

  it.each([
    ['a folder that is not there', ['policy', 'lint', 'nosuch'], 'nosuch cannot be read'],
    ['a DDL that is not there', ['policy', 'lint', 'policies', '--ddl', 'nosuch.json'], 'nosuch.json cannot be read'],
    ['no folder', ['policy', 'lint'], 'missing required argument'],
  ])('fails with 2 for %s', async (_what, args, message) => {
    const world = memoryWorld({ files: { 'policies/service.policy': '' } });
    expect(await runMuster(args, world.surroundings)).toBe(2);
    expect(world.stderr.text()).toContain(message);
  });
});
