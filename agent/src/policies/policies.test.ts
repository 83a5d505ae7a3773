import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import type { NodeOptions } from '../../../test/support/agent/test-home.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { defineAgent, type Action } from '../plugins/index.ts';
import { createPolicyStore } from './index.ts';

const node = 'web1.example.com';
const denied = {
  outcome: 'refused',
  statusCode: 1,
  statusMessage: 'You are not authorized to call this agent or action.',
  data: {},
} as const;
const allowed = { outcome: 'ok' } as const;

let bench: AgentBench;
let began: PromiseWithResolvers<undefined>;
let holding: PromiseWithResolvers<undefined>;

const text = { type: 'string', prompt: 'x', description: 'x', validation: '.*', maxlength: 0, optional: true } as const;

/** An agent that does as it is told, and one action that lasts until it is let go. */
const obedient = () => {
  const actions: Readonly<Record<string, Action>> = {
    run: () => ({}),
    hold: async () => {
      began.resolve(undefined);
      await holding.promise;
      return {};
    },
  };
  return defineAgent(
    {
      kind: 'agent',
      name: 'obedient',
      description: 'For tests',
      author: 'x',
      license: 'x',
      version: '1',
      url: '',
      timeout: 200,
      actions: Object.keys(actions).map((name) => ({
        name,
        description: name,
        effect: 'write' as const,
        inputs: { command: text, secret: { ...text, sensitive: true } },
      })),
    },
    actions,
  );
};

beforeEach(async () => {
  began = Promise.withResolvers();
  holding = Promise.withResolvers();
  bench = await createAgentBench();
});
afterEach(async () => {
  holding.resolve(undefined);
  await bench.close();
});

const folder = () => join(bench.home.folder, 'nodes', node);
const inFolder = (name: string) => join(folder(), 'policies', name);
const start = (policies: NodeOptions['policies'], yaml = '') =>
  bench.start(node, { ...(policies && { policies }), yaml, agent: { agents: [obedient()] } });
const run = (command: string, more: object = {}, secrets?: Request['inputs']) =>
  bench.asker.ask(node, { agent: 'obedient', action: 'run', inputs: { command, ...more } }, secrets);
const logged = (event: string) => bench.log.filter((line) => line['event'] === event);

/** Writes a file as whoever is careful does: beside it, then in its place. */
async function replace(name: string, content: string): Promise<void> {
  await writeFile(inFolder('.new'), content);
  await rename(inFolder('.new'), inFolder(name));
}

async function audited() {
  return readAudit(join(folder(), 'state', 'audit.log'), 'request');
}

const onlyUptime = 'policy default deny\nallow\tops\trun\tos.family=Debian\tapache\twhere command = /^uptime$/\n';

describe('a node with policies', () => {
  it('does what they allow, and answers what they deny without saying why', async () => {
    await start({ 'obedient.policy': onlyUptime, groups: 'ops cert=alice\n' });
    expect(await run('uptime')).toMatchObject(allowed);
    expect(await run('reboot', {}, { secret: 'hush' })).toMatchObject(denied);
    const [first, second, ...others] = await audited();
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      caller: 'cert=alice',
      allowed: true,
      rule: { file: 'obedient.policy', line: 2 },
      inputs: { command: 'uptime' },
    });
    expect(second).toMatchObject({
      allowed: false,
      rule: { file: 'obedient.policy', line: 1 },
      reason: 'no rule fits, and the default is deny',
      inputs: { command: 'reboot', secret: '(sensitive)' },
    });
    const place = { file: 'obedient.policy', line: 1 };
    expect(logged('request.denied')).toContainEqual(expect.objectContaining({ caller: 'cert=alice', rule: place }));
  });

  it('tells people apart', async () => {
    await start({ 'obedient.policy': onlyUptime, groups: 'ops cert=alice\n' });
    const bob = await bench.askerAs('bob', await bench.home.signerOf('person', 'bob'));
    expect(await bob.ask(node, { agent: 'obedient', action: 'run', inputs: { command: 'uptime' } })).toMatchObject(
      denied,
    );
  });

  it('denies agents without a policy, but lets itself be found', async () => {
    await start({ 'obedient.policy': onlyUptime });
    expect(await bench.asker.ask(node, {})).toMatchObject(denied);
    expect(await bench.asker.ask(node, { agent: 'discovery' })).toMatchObject(allowed);
  });

  it('asks its data plugins', async () => {
    const rule = (text: string) => `allow\tcert=alice\trun\tfact('rack').exists=${text}\n`;
    await start({ 'obedient.policy': rule('true') });
    expect(await run('x')).toMatchObject(allowed);
    await replace('obedient.policy', rule('false'));
    expect(await run('x')).toMatchObject(denied);
  });

  it('has default.policy where the settings say so, and those of agent.yaml come first', async () => {
    const everybody = 'policy default allow\n';
    await start({ 'default.policy': everybody, 'settings.json': '{"enable_default": true}' });
    expect(await run('x')).toMatchObject(allowed);
    const other = 'web2.example.com';
    const policies = { 'default.policy': everybody, 'settings.json': '{"enable_default": true}' };
    await bench.start(other, { policies, yaml: 'policies: { enable_default: false }' });
    expect(await bench.asker.ask(other, {})).toMatchObject(denied);
  });
});

describe('a node without policies', () => {
  it('denies everything by default', async () => {
    await start({});
    expect(await run('x')).toMatchObject(denied);
    await eventually(() => expect(logged('policies.none')).toMatchObject([{ allowUnconfigured: false }]));
    expect(await audited()).toMatchObject([{ allowed: false, rule: null }]);
  });

  it('denies everything without the folder, too', async () => {
    await start({}, 'policies: { folder: nowhere }');
    expect(await run('x')).toMatchObject(denied);
  });

  it('allows everything where its configuration says so, and tells of it', async () => {
    await start({}, 'policies: { allow_unconfigured: true }');
    expect(await run('x')).toMatchObject(allowed);
    await eventually(() => expect(logged('policies.none')).toMatchObject([{ allowUnconfigured: true }]));
    expect(await audited()).toMatchObject([
      { allowed: true, rule: null, reason: expect.stringContaining('allow_unconfigured is on') as string },
    ]);
  });
});

describe('a change of the files', () => {
  it('is obeyed without a restart', async () => {
    await start({ 'obedient.policy': 'policy default deny\n' });
    expect(await run('x')).toMatchObject(denied);
    await replace('obedient.policy', 'policy default allow\n');
    expect(await run('x')).toMatchObject(allowed);
    await replace('obedient.policy', 'allow\tops\trun\t*\t*\n');
    expect(await run('x')).toMatchObject(denied);
    await replace('groups', 'ops cert=alice\n');
    expect(await run('x')).toMatchObject(allowed);
    await rm(inFolder('groups'));
    expect(await run('x')).toMatchObject(denied);
    expect(logged('policy.changed')).toHaveLength(4);
  });

  it('of the same length in the same second counts as well', async () => {
    await start({ 'obedient.policy': 'allow\tcert=alice\trun\t*\t*\n' });
    expect(await run('x')).toMatchObject(allowed);
    await writeFile(inFolder('obedient.policy'), 'allow\tcert=malle\trun\t*\t*\n');
    expect(await run('x')).toMatchObject(denied);
  });

  it('to the link of the whole folder is obeyed at once', async () => {
    const write = async (version: string, content: string) => {
      await mkdir(join(folder(), version));
      await writeFile(join(folder(), version, 'obedient.policy'), content);
    };
    await start({}, 'policies: { folder: current }');
    await write('1', 'policy default deny\n');
    await write('2', 'policy default allow\n');
    await symlink('1', join(folder(), 'current'));
    expect(await run('x')).toMatchObject(denied);
    await symlink('2', join(folder(), 'next'));
    await rename(join(folder(), 'next'), join(folder(), 'current'));
    expect(await run('x')).toMatchObject(allowed);
  });

  it('that is written in place is not obeyed while it is half done', async () => {
    const name = 'obedient.policy';
    await start({ [name]: 'policy default deny\n' });
    const { logger } = bench;
    const settings = { allowUnconfigured: true };
    const store = createPolicyStore({
      ...{ folder: inFolder(''), settings, clock: Date.now, logger },
      pause: async () => {
        const isHalfDone = (await readFile(inFolder(name), 'utf8')) === '';
        if (isHalfDone) await writeFile(inFolder(name), 'policy default deny\n');
      },
    });
    const denies = async () => (await store.forAgent('obedient')).files.get(name)?.defaults;
    expect(await denies()).toMatchObject([{ effect: 'deny' }]);
    // An empty policy would allow everything here.
    await writeFile(inFolder(name), '');
    expect(await denies()).toMatchObject([{ effect: 'deny' }]);
  });

  it('that never ends denies', async () => {
    const name = 'obedient.policy';
    await start({ [name]: 'policy default allow\n' });
    let looks = 0;
    const store = createPolicyStore({
      ...{ folder: inFolder(''), settings: { allowUnconfigured: true }, clock: () => 0, logger: bench.logger },
      pause: () => writeFile(inFolder(name), `policy default allow\n${'#'.repeat(++looks)}`),
    });
    const { files } = await store.forAgent('obedient');
    expect(files.get(name)?.faults[0]?.fault.message).toMatch(/keeps changing$/);
  });
});

describe('a file that cannot be used denies what it governs, and only the log says so', () => {
  const open = 'policies: { allow_unconfigured: true, enable_default: true }';

  it.each<readonly [string, () => Promise<void>]>([
    ['a line that cannot be understood', () => replace('obedient.policy', 'policy default allow\nallow\n')],
    ['a broken regular expression', () => replace('obedient.policy', 'policy default allow\nallow\t/(/\t*\t*\t*\n')],
    ['bytes that are no text', () => writeFile(inFolder('obedient.policy'), Buffer.from([0x70, 0xff, 0xfe]))],
    ['too long a file', () => replace('obedient.policy', '#'.repeat(300_000))],
    [
      'a folder in its place',
      async () => {
        await rm(inFolder('obedient.policy'));
        await mkdir(inFolder('obedient.policy'));
      },
    ],
    [
      'a link that leads nowhere',
      async () => {
        await rm(inFolder('obedient.policy'));
        await symlink('nowhere', inFolder('obedient.policy'));
      },
    ],
    ['a file that everybody may write to', () => chmod(inFolder('obedient.policy'), 0o666)],
    ['a folder that everybody may write to', () => chmod(inFolder(''), 0o777)],
  ])('%s', async (_what, breakIt) => {
    await start({ 'obedient.policy': 'policy default allow\n' }, open);
    expect(await run('x')).toMatchObject(allowed);
    await breakIt();
    expect(await run('x')).toMatchObject(denied);
    const [complaint] = logged('policy.broken').filter(({ file }) => file === inFolder('obedient.policy'));
    expect(complaint).toMatchObject({ file: inFolder('obedient.policy') });
    expect(complaint?.['reason']).not.toBe('');
    expect(await run('x')).toMatchObject(denied);
    const files = logged('policy.broken').map(({ file }) => file);
    expect(files).toHaveLength(new Set(files).size);
    expect((await audited()).at(-1)?.['reason']).toMatch(/^the policy is broken, so it denies everything: /);
  });

  it('and is obeyed again once it is mended', async () => {
    await start({ 'obedient.policy': 'nonsense\n' }, open);
    expect(await run('x')).toMatchObject(denied);
    await replace('obedient.policy', 'policy default allow\n');
    expect(await run('x')).toMatchObject(allowed);
    expect(logged('policy.mended')).toHaveLength(1);
  });

  it('but leaves other agents alone', async () => {
    await start({ 'obedient.policy': 'nonsense\n', 'rpcutil.policy': 'policy default allow\n' });
    expect(await run('x')).toMatchObject(denied);
    expect(await bench.asker.ask(node, {})).toMatchObject(allowed);
  });

  it('whatever the settings, when it is those that are broken', async () => {
    await start({ 'settings.json': '{"allow_unconfigured": true' });
    expect(await run('x')).toMatchObject(denied);
    expect(logged('policy.broken')).toMatchObject([{ file: inFolder('settings.json') }]);
  });
});

describe('cancelling', () => {
  const cancel = (requestid: string, asker = bench.asker) =>
    asker.ask(node, { agent: 'requests', action: 'cancel', inputs: { requestid } });

  async function hold(): Promise<string> {
    const request = bench.asker.request({ target: node, agent: 'obedient', action: 'hold' });
    await bench.asker.send(request);
    await began.promise;
    return request.requestId;
  }

  it('needs no policy for what is theirs, and one for what is of others', async () => {
    await start({
      'obedient.policy': 'policy default allow\n',
      'requests.policy': 'allow\tcert=carol\tcancel\t*\t*\n',
    });
    const bob = await bench.askerAs('bob', await bench.home.signerOf('person', 'bob'));
    const carol = await bench.askerAs('carol', await bench.home.signerOf('person', 'carol'));
    const requestId = await hold();
    expect(await cancel(requestId, bob)).toMatchObject({ outcome: 'failed', statusCode: 1, data: {} });
    expect(await cancel(requestId, carol)).toMatchObject({ outcome: 'ok', data: { result: 'not_cancellable' } });
    expect(await cancel(requestId)).toMatchObject({ outcome: 'ok', data: { result: 'not_cancellable' } });
    expect((await audited()).slice(1)).toMatchObject([
      { caller: 'cert=bob', agent: 'requests', allowed: false, rule: null },
      { caller: 'cert=carol', allowed: true, rule: { file: 'requests.policy', line: 1 } },
      { caller: 'cert=alice', allowed: true, rule: null, reason: 'the request is their own' },
    ]);
  });

  it('is not for everybody only because there is no policy', async () => {
    await start(undefined);
    const bob = await bench.askerAs('bob', await bench.home.signerOf('person', 'bob'));
    expect(await cancel(await hold(), bob)).toMatchObject({ outcome: 'failed', statusCode: 1 });
  });
});

describe('what is refused before any policy is asked', () => {
  it('is audited with its code, and without inputs that nobody has checked', async () => {
    await start({ 'obedient.policy': 'policy default allow\n' });
    await run('x', { nosuch: 'secret' });
    await bench.asker.ask(node, { agent: 'nosuch', inputs: { password: 'secret' } });
    expect(await audited()).toMatchObject([
      { allowed: false, code: 'request.invalid_input', caller: 'cert=alice', rule: null },
      { allowed: false, code: 'request.unknown_agent', agent: 'nosuch' },
    ]);
    expect(JSON.stringify(await audited())).not.toContain('secret');
  });
});
