import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { RunningAgent } from '../service/index.ts';

const node = 'web1.example.com';
const sample = fileURLToPath(new URL('../../../test/support/agent/plugins/trouble', import.meta.url));
let bench: AgentBench;
let agent: RunningAgent;
let folder: string;

beforeEach(async () => {
  bench = await createAgentBench();
});
afterEach(() => bench.close());

async function start(yaml = ''): Promise<void> {
  const configFile = await bench.home.addNode(node, { yaml: `plugins: { folders: [plugins]${yaml} }\n` });
  folder = dirname(configFile);
  await mkdir(join(folder, 'plugins'), { recursive: true });
  await mkdir(join(folder, 'plugin.d'), { recursive: true });
  agent = await bench.startFrom(configFile);
}

async function install(where = 'plugins'): Promise<void> {
  const place = join(folder, where);
  await mkdir(place, { recursive: true });
  await copyFile(`${sample}.mjs`, join(place, 'trouble.mjs'));
  await copyFile(`${sample}.json`, join(place, 'trouble.json'));
}

const settings = (text: string, name = 'trouble.yaml') => writeFile(join(folder, 'plugin.d', name), text);
const greet = (name = 'you') => bench.asker.ask(node, { agent: 'trouble', action: 'greet', inputs: { name } });
const faults = () => bench.log.filter(({ level }) => level === 'error').map(({ msg }) => String(msg));

describe('agents in plugin folders', () => {
  it('are there when the agent starts, with their settings', async () => {
    await start();
    await agent.stop();
    await install('plugins/mcollective/agent');
    await settings('word: Good day,\n');
    agent = await bench.startFrom(join(folder, 'agent.yaml'));
    expect(await greet()).toMatchObject({ outcome: 'ok', data: { greeting: `Good day, you from ${node}` } });
  });

  it('do not begin while their node cannot write down its facts for them, and the answer says so', async () => {
    await start();
    await install();
    await eventually(async () => expect(await greet()).toMatchObject({ outcome: 'ok' }));
    const inTheWay = join(folder, 'state', 'facts.json.new');
    await mkdir(inTheWay);
    await writeFile(join(folder, 'facts.yaml'), 'rack: 8\n');
    await agent.reload();
    expect(await greet()).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: expect.stringMatching(/^The action did not begin: EISDIR/) as string,
      timings: { startedAtMs: null, finishedAtMs: null },
    });
    await rm(inTheWay, { recursive: true });
    expect(await greet()).toMatchObject({ outcome: 'ok' });
  });

  it('come, change and go while the agent runs, and broadcasts reach them', async () => {
    await start();
    expect(await greet()).toMatchObject({ outcome: 'invalid', statusMessage: "Unknown agent 'trouble'" });
    await install();
    await eventually(async () => expect(await greet()).toMatchObject({ outcome: 'ok' }));
    const everybody = bench.asker.request({ agent: 'trouble', action: 'greet', inputs: { name: 'all' } });
    await bench.asker.send(everybody);
    await eventually(() => {
      const replies = bench.asker.replies.filter(({ requestId }) => requestId === everybody.requestId);
      expect(replies).toMatchObject([{ outcome: 'ok' }]);
    });
    await settings('word: Hi\n');
    await eventually(async () => expect(await greet()).toMatchObject({ data: { greeting: `Hi you from ${node}` } }));
    await writeFile(
      join(folder, 'plugins', 'trouble.mjs'),
      'export default { actions: { greet: ({ reply }) => { reply.greeting = "new"; } } };',
    );
    await eventually(async () => expect(await greet()).toMatchObject({ data: { greeting: 'new' } }));
    await rm(join(folder, 'plugins', 'trouble.json'));
    await eventually(async () => expect(await greet()).toMatchObject({ outcome: 'invalid' }));
  });

  it('are noticed in folders that came after the agent', async () => {
    const yaml = 'plugins: { folders: [plugins], settings: later.d }\n';
    const configFile = await bench.home.addNode(node, { yaml });
    folder = dirname(configFile);
    agent = await bench.startFrom(configFile);
    await install();
    await eventually(async () => expect(await greet()).toMatchObject({ data: { greeting: `Hello you from ${node}` } }));
    await mkdir(join(folder, 'later.d'));
    await writeFile(join(folder, 'later.d', 'trouble.yaml'), 'word: Hi\n');
    await eventually(async () => expect(await greet()).toMatchObject({ data: { greeting: `Hi you from ${node}` } }));
  });

  it('that do not say in time whether they are active are asked again', async () => {
    const configFile = await bench.home.addNode(node, { yaml: 'plugins: { folders: [plugins] }\n' });
    folder = dirname(configFile);
    await install();
    await writeFile(
      join(folder, 'plugins', 'trouble.mjs'),
      `import { existsSync, writeFileSync } from 'node:fs';
       export default {
         async activate() {
           const asked = ${JSON.stringify(join(folder, 'asked'))};
           if (existsSync(asked)) return true;
           writeFileSync(asked, '');
           return new Promise(() => setInterval(() => {}, 1000));
         },
         actions: { greet: ({ reply }) => { reply.greeting = "at last"; } },
       };`,
    );
    agent = await bench.startFrom(configFile, { activation: { limitMs: 3000, askAgainMs: 100 } });
    expect(await greet()).toMatchObject({ outcome: 'invalid', statusMessage: "Unknown agent 'trouble'" });
    expect(bench.log).toContainEqual(expect.objectContaining({ event: 'agent.unanswered', agent: 'trouble' }));
    await eventually(async () => expect(await greet()).toMatchObject({ data: { greeting: 'at last' } }));
  });

  it.each([
    ['activate: false\n', 'trouble.yaml'],
    ['wanted: false\n', 'trouble.yaml'],
    ['activate_agent = no\n', 'trouble.cfg'],
  ])('are not active when their settings say %j', async (text, name) => {
    await start();
    await settings(text, name);
    await install();
    await eventually(async () => {
      await agent.reload();
      expect(await greet()).toMatchObject({ outcome: 'invalid' });
    });
  });

  it('are not active where agents are off, unless their own settings say so', async () => {
    await start(', activate: false');
    await install();
    await agent.reload();
    expect(await greet()).toMatchObject({ outcome: 'invalid' });
    await settings('activate: true\n');
    await agent.reload();
    expect(await greet()).toMatchObject({ outcome: 'ok' });
  });

  it('run only so many actions at once as their settings allow', async () => {
    await start();
    await install();
    await settings('concurrent_actions: 1\n');
    await agent.reload();
    const replies = await Promise.all([greet(), greet(), greet()]);
    const [first, ...others] = replies.map(({ data }) => data['pid']);
    expect(others).toEqual([first, first]);
  });

  it('that are broken are told of once, and everything else works', async () => {
    await start();
    await install();
    const plugins = join(folder, 'plugins');
    await Promise.all([
      writeFile(join(plugins, 'alone.json'), '{}'),
      writeFile(join(plugins, 'rpcutil.json'), '{}'),
      writeFile(join(plugins, 'rpcutil.mjs'), ''),
      writeFile(join(plugins, 'nojson.json'), '{'),
      writeFile(join(plugins, 'nojson.mjs'), ''),
      writeFile(join(plugins, 'noddl.json'), '{}'),
      writeFile(join(plugins, 'noddl.mjs'), ''),
      copyFile(`${sample}.json`, join(plugins, 'other.json')),
      writeFile(join(plugins, 'other.mjs'), ''),
      writeFile(join(plugins, 'open.json'), '{}'),
      writeFile(join(plugins, 'open'), '#!/bin/sh\n'),
      writeFile(join(plugins, 'plain.json'), '{}'),
      writeFile(join(plugins, 'plain'), '#!/bin/sh\n', { mode: 0o644 }),
      settings('concurrent_actions: many\n', 'broken.yaml'),
    ]);
    await chmod(join(plugins, 'open'), 0o777);
    await agent.reload();
    await agent.reload();
    expect(await greet()).toMatchObject({ outcome: 'ok' });
    const said = faults().map((line) => line.replaceAll(plugins, ''));
    expect(said).toHaveLength(new Set(said).size);
    const joined = said.join('\n');
    expect(joined).toMatch(/\/alone\.json is no agent: there is neither alone\.mjs nor a program alone beside it/);
    expect(joined).toMatch(/\/rpcutil\.json: rpcutil cannot be replaced/);
    expect(joined).toMatch(/\/nojson\.json/);
    expect(joined).toMatch(/\/noddl\.json/);
    expect(joined).toMatch(/\/other\.json describes the agent trouble, not other/);
    expect(joined).toMatch(/\/open is no agent: everybody may write to it/);
    expect(joined).toMatch(/\/plain is no agent: it is not executable/);
  });

  it('whose action overruns its time limit or dies are answered so', async () => {
    await start();
    await install();
    await agent.reload();
    const ask = (action: string) => bench.asker.ask(node, { agent: 'trouble', action });
    expect(await ask('die')).toMatchObject({
      outcome: 'failed',
      statusCode: 5,
      statusMessage: 'The process of the action was killed by SIGKILL',
    });
    expect(await ask('give_up')).toMatchObject({ outcome: 'failed', statusCode: 1, data: { so_far: 1 } });
    expect(await ask('boom')).toMatchObject({ statusCode: 5, statusMessage: 'Unknown Request Status: it broke' });
  });
});
