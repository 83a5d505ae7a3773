import { writeFile } from 'node:fs/promises';
import type { RunningAgent } from '@muster/agent/service';
import { unwrap } from '@muster/protocol/errors';
import { filterFromFlags, printFilter } from '@muster/protocol/filter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../support/agent/agent-bench.ts';
import { eventually } from '../../support/eventually.ts';
import { createPuppetHome, type PuppetHome } from '../../support/puppet/puppet-home.ts';

const [fresh, locked] = ['web1.example.com', 'web2.example.com'];
let idle: PuppetHome;
let ran: PuppetHome;
let bench: AgentBench;
const agents = new Map<string, RunningAgent>();

const ofData = (source: string, query = '', node = locked) =>
  bench.asker.ask(node, { agent: 'rpcutil', action: 'get_data', inputs: { source, ...(query && { query }) } });

/** The nodes that a filter of `-S` means, each of which answers. */
async function selected(select: string): Promise<readonly string[]> {
  const filter = printFilter(unwrap(filterFromFlags({ select: [select] })));
  const before = new Map([...agents].map(([name, { counters }]) => [name, { ...counters }]));
  const { requestId, ...request } = bench.asker.request({ agent: 'discovery', filter });
  await bench.asker.send({ ...request, requestId });
  const chosen = () =>
    [...agents]
      .filter(([name, { counters }]) => counters.passed > (before.get(name)?.passed ?? 0))
      .map(([name]) => name);
  await eventually(() => {
    for (const [name, { counters }] of agents) {
      const { passed = 0, filtered = 0 } = before.get(name) ?? {};
      expect(counters.passed + counters.filtered).toBe(passed + filtered + 1);
    }
    const answers = bench.asker.replies.filter((reply) => reply.requestId === requestId);
    expect(answers.map(({ sender, outcome }) => `${sender} ${outcome}`).sort()).toEqual(
      chosen().map((name) => `${name} ok`),
    );
  });
  return chosen();
}

beforeAll(async () => {
  [idle, ran] = await Promise.all([createPuppetHome(), createPuppetHome()]);
  bench = await createAgentBench();
  const homes = [
    [fresh, idle],
    [locked, ran],
  ] as const;
  for (const [name, { manifest, places }] of homes) {
    const settings = { ...places, mode: 'apply', manifest };
    agents.set(name, await bench.start(name, { pluginSettings: { puppet: JSON.stringify(settings) } }));
  }
  await ran.writeManifest(`
    file { '${ran.at('greeting')}': content => 'hello' }
    exec { '/bin/false': }
  `);
  await ran.puppet('apply', '--write_catalog_summary', ran.manifest);
  await ran.puppet('agent', '--disable', 'for the night');
});
afterAll(async () => {
  await bench.close();
  await Promise.all([idle.remove(), ran.remove()]);
});

describe('the data plugin puppet', () => {
  it('tells how Puppet fares', async () => {
    const { outcome, data } = await ofData('puppet');
    expect(outcome).toBe('ok');
    expect(data).toEqual({
      applying: false,
      enabled: false,
      daemon_present: false,
      idling: false,
      status: 'disabled',
      disable_message: 'for the night',
      lastrun: expect.any(Number) as number,
      since_lastrun: expect.any(Number) as number,
    });
    expect(Math.abs(Number(data['lastrun']) - Date.now() / 1000)).toBeLessThan(600);
    expect(data['since_lastrun']).toBeLessThan(600);
    expect(await ofData('puppet', '', fresh)).toMatchObject({
      data: { enabled: true, status: 'stopped', lastrun: 0, disable_message: '' },
    });
  });

  it.each([
    ['puppet().enabled=true', [fresh]],
    ['puppet().enabled=false', [locked]],
    ['puppet().since_lastrun > 100000', [fresh]],
    ['puppet().disable_message =~ /night/ and not puppet().applying=true', [locked]],
    ['puppet().status=disabled or puppet().status=stopped', [fresh, locked]],
    ['puppet().idling=true', []],
  ])('picks nodes: %s', async (filter, nodes) => {
    expect(await selected(filter)).toEqual(nodes);
  });

  it('takes no question', async () => {
    expect(await ofData('puppet', 'x')).not.toMatchObject({ outcome: 'ok' });
  });

  it('asks Puppet where its files are, when its settings do not say', async () => {
    const lines = Object.entries(ran.places).flatMap(([name, value]) =>
      name === 'confdir' ? [] : [`${name} = ${value}\n`],
    );
    await writeFile(ran.at('conf', 'puppet.conf'), `[main]\n${lines.join('')}`);
    const asking = 'web3.example.com';
    const settings = { confdir: ran.places['confdir'] };
    const agent = await bench.start(asking, { pluginSettings: { puppet: JSON.stringify(settings) } });
    // Puppet takes longer than a question may, but what it says is kept.
    await eventually(async () => {
      expect(await ofData('puppet', '', asking)).toMatchObject({ data: { disable_message: 'for the night' } });
    }, 60_000);
    await agent.stop();
  });
});

describe('the data plugin resource', () => {
  const greeting = () => `File[${ran.at('greeting')}]`;

  it('tells whether Puppet manages a resource, and what its last run did', async () => {
    expect(await ofData('resource', greeting())).toMatchObject({
      outcome: 'ok',
      data: {
        managed: true,
        failed_resources: 1,
        changed_resources: 1,
        out_of_sync_resources: 2,
        config_version: expect.stringMatching(/^\d+$/) as string,
      },
    });
    expect(await ofData('resource', 'User[root]')).toMatchObject({ data: { managed: false } });
    expect(await ofData('resource', greeting(), fresh)).toMatchObject({
      data: { managed: false, failed_resources: -1, total_resources: 0, lastrun: 0 },
    });
  });

  it.each(['File', 'x;y', 'File[/x'])('takes no question %j', async (query) => {
    expect(await ofData('resource', query)).not.toMatchObject({ outcome: 'ok' });
  });

  it('picks nodes', async () => {
    expect(await selected(`resource('${greeting()}').managed=true`)).toEqual([locked]);
    expect(await selected(`resource('${greeting()}').managed=false`)).toEqual([fresh]);
    expect(await selected('resource().failed_resources > 0')).toEqual([locked]);
    expect(await selected('resource().total_resources = 0')).toEqual([fresh]);
  });
});
