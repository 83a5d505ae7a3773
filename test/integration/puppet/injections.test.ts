import { shippedAgents } from '@muster/agent/agents';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAgentBench, type AgentBench } from '../../support/agent/agent-bench.ts';
import { eventually } from '../../support/eventually.ts';
import { describeInjections } from '../../support/agent/injections.ts';
import { createUncheckedAgent, type UncheckedAgent } from '../../support/agent/unchecked-agent.ts';
import { createPuppetHome, type PuppetHome } from '../../support/puppet/puppet-home.ts';

type Inputs = Readonly<Record<string, unknown>>;

const node = 'web1.example.com';

// Each attack may start Puppet, which takes seconds, and a busy machine is slow at it.
vi.setConfig({ testTimeout: 400_000 });

function ddlOf(name: string) {
  const found = shippedAgents.find(({ ddl }) => ddl.name === name);
  if (found === undefined) throw new Error(`there is no agent ${name}`);
  return found;
}
const [puppetAgent, puppetral] = [ddlOf('puppet'), ddlOf('puppetral')];

let home: PuppetHome;
let bench: AgentBench;
let unchecked: UncheckedAgent;
let uncheckedRal: UncheckedAgent;
let withServer: UncheckedAgent;

beforeAll(async () => {
  home = await createPuppetHome();
  await home.writeManifest("notify { 'hello': }");
  bench = await createAgentBench();
  const settings = {
    ...home.places,
    mode: 'apply',
    manifest: home.manifest,
    splay: false,
    resource_types_denied: ['exec'],
  };
  await bench.start(node, { pluginSettings: { puppet: JSON.stringify(settings) } });
  unchecked = await createUncheckedAgent(puppetAgent, settings);
  uncheckedRal = await createUncheckedAgent(puppetral, settings);
  const client = { ...home.places, splay: false, allow_server_override: true };
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
  (ask: (action: string, inputs: Inputs) => Promise<unknown>) =>
  async (action: string, inputs: Inputs): Promise<unknown> => {
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
  message: 'hello',
  environment: 'production',
  tags: 'hello',
  skip_tags: 'other',
  server: 'localhost:1',
};

describeInjections('a node with Puppet', {
  ddl: puppetAgent.ddl,
  ask: untilIdle(viaNode('puppet')),
  harmless,
  attacks: 'few',
});

describeInjections('the agent puppet without the checks of its DDL', {
  ddl: puppetAgent.ddl,
  ask: untilIdle((action, inputs) => unchecked.perform(action, inputs)),
  harmless,
  attacks: 'few',
});

const runs = puppetAgent.ddl.actions.filter(({ name }) => name === 'runonce');

describeInjections('runs that may be told a Puppet Server, without the checks of their DDL', {
  ddl: { ...puppetAgent.ddl, actions: runs },
  ask: untilIdle((action, inputs) => withServer.perform(action, inputs)),
  harmless,
  spared: ['tags', 'skip_tags', 'environment'].map((input) => `runonce.${input}`),
  attacks: 'few',
});

describeInjections('a node that shows its resources', {
  ddl: puppetral.ddl,
  ask: viaNode('puppetral'),
  harmless: { type: 'user', title: 'root' },
  attacks: 'few',
});

describeInjections('the agent puppetral without the checks of its DDL', {
  ddl: puppetral.ddl,
  ask: (action, inputs) => uncheckedRal.perform(action, inputs),
  harmless: { type: 'user', title: 'root' },
  attacks: 'few',
});

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
  });
});
