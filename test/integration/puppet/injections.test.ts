import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { shippedAgents } from '@muster/agent/agents';
import type { AgentDdl } from '@muster/protocol/ddl';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAgentBench, type AgentBench } from '../../support/agent/agent-bench.ts';
import { eventually } from '../../support/eventually.ts';
import { describeInjections } from '../../support/agent/injections.ts';
import { createUncheckedAgent, type UncheckedAgent } from '../../support/agent/unchecked-agent.ts';
import { createPuppetHome, type PuppetHome } from '../../support/puppet/puppet-home.ts';
import { ordersOf } from '../../support/puppet/puppet-orders.ts';
import { createRecordingPuppet, type RecordingPuppet } from '../../support/puppet/recording-puppet.ts';

type Inputs = Readonly<Record<string, unknown>>;
type Ask = (action: string, inputs: Inputs) => Promise<unknown>;

const node = 'web1.example.com';

// Puppet itself takes seconds to start, and a busy machine is slow at it.
vi.setConfig({ testTimeout: 300_000 });

function ddlOf(name: string) {
  const found = shippedAgents.find(({ ddl }) => ddl.name === name);
  if (found === undefined) throw new Error(`there is no agent ${name}`);
  return found;
}
const [puppetAgent, puppetral] = [ddlOf('puppet'), ddlOf('puppetral')];

let home: PuppetHome;
let puppet: RecordingPuppet;
let bench: AgentBench;
let unchecked: UncheckedAgent;
let uncheckedRal: UncheckedAgent;
let withServer: UncheckedAgent;

beforeAll(async () => {
  home = await createPuppetHome();
  puppet = await createRecordingPuppet(home.folder);
  await home.writeManifest("notify { 'hello': }");
  bench = await createAgentBench();
  const settings = {
    ...home.places,
    mode: 'apply',
    command: [puppet.program, 'apply'],
    manifest: home.manifest,
    splay: false,
    resource_types_denied: ['exec'],
  };
  await bench.start(node, { pluginSettings: { puppet: JSON.stringify(settings) } });
  unchecked = await createUncheckedAgent(puppetAgent, settings);
  uncheckedRal = await createUncheckedAgent(puppetral, settings);
  const client = { ...home.places, command: [puppet.program, 'agent'], splay: false, allow_server_override: true };
  withServer = await createUncheckedAgent(puppetAgent, client);
});
afterAll(async () => {
  await Promise.all([unchecked.close(), uncheckedRal.close(), withServer.close()]);
  await bench.close();
  await home.remove();
});

const viaNode = (agent: string) => async (action: string, inputs: Inputs) =>
  bench.asker.ask(node, { agent, action, inputs: inputs as Record<string, string> });

/** Asks, and waits until the run that was begun has ended: what it does counts, too. */
const untilIdle =
  (ask: Ask): Ask =>
  async (action, inputs) => {
    const answer = await ask(action, inputs);
    // One that is disabled would begin no run for what comes next.
    if (action === 'disable') await ask('enable', {});
    if (action === 'runonce') {
      await eventually(async () => {
        expect(await ask('status', {})).toMatchObject({ data: { applying: false } });
      }, 60_000);
    }
    return answer;
  };

const harmless = {
  type: 'notify',
  name: 'hello',
  title: 'hello',
  message: 'hello',
  properties: { x: 'hello' },
  environment: 'production',
  tags: 'hello',
  skip_tags: 'other',
  server: 'localhost:1',
};

/** What the actions order Puppet to do when they are asked with one harmless input after the other. */
async function harmlessOrders({ actions }: AgentDdl, ask: Ask): Promise<ReadonlySet<string>> {
  const given = Object.entries(harmless);
  for (const { name: action, inputs } of actions) {
    const needed = given.filter(([name]) => inputs[name]?.optional === false);
    const optional = given.filter(([name]) => inputs[name]?.optional === true);
    await ask(action, Object.fromEntries(needed));
    for (const one of optional) await ask(action, Object.fromEntries([...needed, one]));
  }
  const starts = await puppet.takeStarts();
  expect(starts).not.toEqual([]);
  return new Set(starts.flatMap(ordersOf));
}

/** Asks, and sees that Puppet is ordered nothing that harmless requests do not order, too. */
function watched(ddl: AgentDdl, ask: Ask): Ask {
  let known: Promise<ReadonlySet<string>> | undefined;
  return async (action, inputs) => {
    known ??= harmlessOrders(ddl, ask);
    const usual = await known;
    const answer = await ask(action, inputs);
    const orders = (await puppet.takeStarts()).flatMap(ordersOf);
    expect(orders.filter((order) => !usual.has(order))).toEqual([]);
    return answer;
  };
}

function tryInjections(title: string, ddl: AgentDdl, ask: Ask, spared: readonly string[] = []): void {
  describeInjections(title, { ddl, ask: watched(ddl, ask), harmless, spared, attacks: 'few' });
}

tryInjections('a node with Puppet', puppetAgent.ddl, untilIdle(viaNode('puppet')));

tryInjections(
  'the agent puppet without the checks of its DDL',
  puppetAgent.ddl,
  untilIdle((action, inputs) => unchecked.perform(action, inputs)),
);

tryInjections(
  'runs that may be told a Puppet Server, without the checks of their DDL',
  { ...puppetAgent.ddl, actions: puppetAgent.ddl.actions.filter(({ name }) => name === 'runonce') },
  untilIdle((action, inputs) => withServer.perform(action, inputs)),
  ['tags', 'skip_tags', 'environment'].map((input) => `runonce.${input}`),
);

tryInjections('a node that shows its resources', puppetral.ddl, viaNode('puppetral'));

tryInjections('the agent puppetral without the checks of its DDL', puppetral.ddl, (action, inputs) =>
  uncheckedRal.perform(action, inputs),
);

describe('the agent puppetral without the checks of its DDL', () => {
  it.each([
    ['type', '../../trial'],
    ['type', '--edit'],
    ['title', '--edit'],
  ])('asks Puppet nothing with the %s %s', async (name, value) => {
    expect(await uncheckedRal.perform('find', { type: 'user', title: 'root', [name]: value })).toMatchObject({
      kind: 'failed',
      message: `Invalid ${name} '${value}'`,
    });
    expect(await puppet.takeStarts()).toEqual([]);
  });
});

describe('the agent puppet without the checks of its DDL', () => {
  const attack = `--logdest=/x;touch /x $(touch /x) 'a' "b"\nc`;

  it.each(['tags', 'skip_tags', 'environment'])('gives Puppet the %s as they are', async (name) => {
    await untilIdle((action, inputs) => unchecked.perform(action, inputs))('runonce', { [name]: attack });
    const [start] = await puppet.takeStarts();
    expect(start?.words[start.words.indexOf(`--${name}`) + 1]).toBe(attack);
  });

  it('gives Puppet the server and its port as they are', async () => {
    const server = { server: `${attack}:${attack}` };
    await untilIdle((action, inputs) => withServer.perform(action, inputs))('runonce', server);
    const [start] = await puppet.takeStarts();
    const at = start?.words.indexOf('--server') ?? -1;
    expect(start?.words.slice(at, at + 4)).toEqual(['--server', attack, '--masterport', attack]);
  });

  it('writes no manifest for a type that is none', async () => {
    const type = "exec { '/bin/true': } notify";
    expect(await unchecked.perform('resource', { type, name: 'hello' })).toMatchObject({
      kind: 'failed',
      message: `Invalid type '${type}'`,
    });
    expect(await puppet.takeStarts()).toEqual([]);
  });
});

// What the recording program cannot tell: how Puppet itself takes what it is given.
describe('Puppet itself', () => {
  let real: PuppetHome;
  let canary: string;
  let applying: UncheckedAgent;
  let asking: UncheckedAgent;
  let showing: UncheckedAgent;

  beforeAll(async () => {
    real = await createPuppetHome();
    canary = real.at('canary');
    await real.writeManifest("notify { 'hello': }");
    const settings = { ...real.places, splay: false, resource_types_denied: ['exec'] };
    const apply = { ...settings, mode: 'apply', manifest: real.manifest };
    applying = await createUncheckedAgent(puppetAgent, apply);
    asking = await createUncheckedAgent(puppetAgent, { ...settings, allow_server_override: true });
    showing = await createUncheckedAgent(puppetral, apply);
  });
  afterAll(async () => {
    await Promise.all([applying.close(), asking.close(), showing.close()]);
    await real.remove();
  });

  /** End the text that they are put into, and have Puppet touch the canary; the second where quotes alone are escaped. */
  const endsOfText = () => {
    const more = `': } exec { '/usr/bin/touch "${canary}"': } notify { 'y`;
    return [`x${more}`, `x\\${more}`] as const;
  };
  const option = () => `--logdest=${canary}`;
  const command = () => `;touch "${canary}";$(touch "${canary}")`;

  it('obeys attacks that reach it bare', async () => {
    const [plain, escaped] = endsOfText();
    for (const title of [plain, escaped.replace("'", "\\'")]) {
      await real.puppet('apply', '--execute', `notify { '${title}': }`);
      expect({ title, effect: existsSync(canary) }).toEqual({ title, effect: true });
      await rm(canary);
    }
    await real.puppet('apply', option(), real.manifest);
    expect(existsSync(canary)).toBe(true);
    await rm(canary);
  });

  it('takes texts of a manifest for texts', async () => {
    const [name, message] = endsOfText();
    expect(await applying.perform('resource', { type: 'notify', name, properties: { message } })).toMatchObject({
      kind: 'done',
      data: { changed: true, result: expect.stringContaining(message) as string },
    });
    expect(existsSync(canary)).toBe(false);
  });

  it.each([
    ['tags', 'applying', option],
    ['skip_tags', 'applying', command],
    ['environment', 'applying', option],
    ['server', 'asking', option],
  ] as const)('takes the %s of a run for nothing else', async (name, who, attack) => {
    const agent = who === 'applying' ? applying : asking;
    await untilIdle((action, inputs) => agent.perform(action, inputs))('runonce', { [name]: attack() });
    expect(existsSync(canary)).toBe(false);
  });

  it('takes the title of a resource for nothing else', async () => {
    const [title] = endsOfText();
    expect(await showing.perform('find', { type: 'notify', title: title + command() })).toBeDefined();
    expect(existsSync(canary)).toBe(false);
  });
});
