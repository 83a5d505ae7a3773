import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { startAgent } from '@muster/agent/service';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { defineAgent } from '../plugins/index.ts';

const node = 'web1.example.com';
let bench: AgentBench;

beforeEach(async () => {
  bench = await createAgentBench({ collectives: ['muster', 'eu'] });
});

afterEach(() => bench.close());

/** An agent with the one action `work`. */
const description = (name: string, timeout: number) => ({
  kind: 'agent' as const,
  name,
  description: 'For tests',
  author: 'x',
  license: 'x',
  version: '1',
  url: '',
  timeout,
  actions: [{ name: 'work', description: 'Works', effect: 'write' as const }],
});

const events = () => bench.asker.registrations.map(({ event }) => event);
const logged = (event: string) => bench.log.filter((line) => line['event'] === event);

describe('registration', () => {
  it('says started in each collective, and stopped at the end', async () => {
    const agent = await bench.start(node, { yaml: 'collectives: [muster, eu]' });
    await agent.stop();
    await eventually(() => expect(events()).toEqual(['started', 'started', 'stopped', 'stopped']));
    // Both collectives are told at once, so neither is the first.
    expect(bench.asker.registrations.map(({ event, collective }) => `${event} ${collective}`).sort()).toEqual([
      'started eu',
      'started muster',
      'stopped eu',
      'stopped muster',
    ]);
    expect(bench.asker.registrations[0]).toMatchObject({ sender: node, agentVersion: '0.1.0' });
  });

  it('says changed soon after facts or classes change, with other digests', async () => {
    const agent = await bench.start(node);
    await eventually(() => expect(events()).toEqual(['started']));
    const [before] = bench.asker.registrations;
    await writeFile(join(bench.home.folder, 'nodes', node, 'facts.yaml'), 'rack: 8\n');
    await agent.reload();
    await eventually(() => expect(events()).toEqual(['started', 'changed']));
    const after = bench.asker.registrations[1];
    expect(after?.digests.facts).not.toBe(before?.digests.facts);
    expect(after?.digests).toMatchObject({ classes: before?.digests.classes, agents: before?.digests.agents });
    await agent.reload();
    await bench.asker.ask(node, {});
    expect(events()).toHaveLength(2);
  });

  it('says alive at each interval', async () => {
    const agent = await bench.start(node, { yaml: 'registration: { interval: 60, splay: false }' });
    await eventually(() => expect(events()).toEqual(['started']));
    bench.clock.shiftMs += 59_000;
    await agent.reload();
    expect(events()).toEqual(['started']);
    bench.clock.shiftMs += 1_000;
    await agent.reload();
    await eventually(() => expect(events()).toEqual(['started', 'alive']));
  });
});

describe('the broker', () => {
  it('may be away when the agent starts', async () => {
    const configFile = await bench.home.addNode(node);
    bench.broker.stop();
    const agent = unwrap(await startAgent({ configFile, bus: bench.broker.connect(), logger: bench.logger }));
    expect(logged('ready')).toHaveLength(0);
    bench.broker.start();
    expect(unwrap(await agent.ready)).toBeNull();
    expect(logged('ready')).toMatchObject([
      { identity: node, msg: 'ready', agents: expect.arrayContaining(['discovery', 'rpcutil']) as string[] },
    ]);
    expect(await bench.asker.ask(node, {})).toMatchObject({ outcome: 'ok' });
    await agent.stop();
  });

  it('that never comes does not keep the agent from stopping', async () => {
    bench.broker.stop();
    const configFile = await bench.home.addNode(node);
    const agent = unwrap(await startAgent({ configFile, bus: bench.broker.connect(), logger: bench.logger }));
    await agent.stop();
    expect(await agent.ready).toMatchObject({ ok: false, error: { code: 'broker.closed' } });
  });

  it('may go away and come back; the node then says that it is alive', async () => {
    const yaml = 'registration: { splay: false }';
    await bench.start(node, { yaml, agent: { randomBytes: (count) => new Uint8Array(count) } });
    await eventually(() => expect(events()).toEqual(['started']));
    bench.broker.stop();
    await eventually(() => expect(logged('broker.down')).toHaveLength(1));
    bench.broker.start();
    expect(await bench.asker.ask(node, {})).toMatchObject({ outcome: 'ok' });
    await eventually(() => expect(events()).toContain('alive'));
  });
});

describe('a second agent with the same identity', () => {
  /** The same configuration with another state folder. */
  async function withStateOfItsOwn(configFile: string): Promise<string> {
    const other = join(dirname(configFile), 'other.yaml');
    await writeFile(other, (await readFile(configFile, 'utf8')).replace('state: state', 'state: other'));
    return other;
  }

  it('is refused while the first works in its state folder', async () => {
    const first = await bench.start(node);
    const configFile = join(bench.home.folder, 'nodes', node, 'agent.yaml');
    const options = { configFile, bus: bench.broker.connect(), logger: bench.logger };
    expect(await startAgent(options)).toMatchObject({
      ok: false,
      error: { code: 'home.in_use', message: expect.stringMatching(/^Process \d+ works in /) as string },
    });
    await first.stop();
    await bench.startFrom(configFile);
  });

  it('takes the state folder of one that was killed', async () => {
    const configFile = await bench.home.addNode(node);
    const lock = join(dirname(configFile), 'state', 'lock');
    await mkdir(dirname(lock));
    await writeFile(lock, `${process.pid} 1\n`);
    const agent = await bench.startFrom(configFile);
    expect(await readFile(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d{2,}\n$`));
    await agent.stop();
    expect(await readdir(dirname(lock))).toEqual([
      'audit.log',
      'requests.journal',
      'requests.journal.ballast',
      'sealing.key',
    ]);
  });

  it('tries for some seconds, says so loudly, and gives up; the first goes on', async () => {
    await bench.start(node);
    const configFile = await withStateOfItsOwn(join(bench.home.folder, 'nodes', node, 'agent.yaml'));
    const second = unwrap(
      await startAgent({ configFile, bus: bench.broker.connect(), logger: bench.logger, clock: bench.clock.now }),
    );
    await eventually(() => expect(logged('identity.duplicate')).not.toHaveLength(0));
    bench.clock.shiftMs += 5_000;
    expect(await second.ready).toMatchObject({
      ok: false,
      error: { code: 'identity.duplicate' },
    });
    await second.stop();
    expect(await bench.asker.ask(node, {})).toMatchObject({ outcome: 'ok' });
  });
});

describe('stopping', () => {
  const slow = (release: Promise<unknown>) =>
    defineAgent(description('slow', 60), { work: async () => release.then(() => ({ done: true })) });

  it('lets running actions finish and answers them', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    const agent = await bench.start(node, { agent: { agents: [slow(held)] } });
    const reply = bench.asker.ask(node, { agent: 'slow', action: 'work' });
    await eventually(() => expect(agent.counters.passed).toBe(1));
    const stopped = agent.stop();
    release(undefined);
    expect(await reply).toMatchObject({ outcome: 'ok', data: { done: true } });
    await stopped;
    expect(logged('stopped')).toHaveLength(1);
  });

  it('tells of what it cut short after the grace', async () => {
    const yaml = 'limits: { stop_grace: 0 }';
    const began = Promise.withResolvers<undefined>();
    const endless = defineAgent(description('slow', 60), {
      work: () => {
        began.resolve(undefined);
        return new Promise(() => undefined);
      },
    });
    const agent = await bench.start(node, { yaml, agent: { agents: [endless] } });
    const reply = bench.asker.ask(node, { agent: 'slow', action: 'work' });
    await began.promise;
    await agent.stop();
    expect(await reply).toMatchObject({ outcome: 'interrupted', statusCode: 5 });
  });

  it('is for the queue to remember: what waited is delivered to the next process', async () => {
    const agent = await bench.start(node);
    await agent.stop();
    await bench.asker.send(bench.asker.request({ target: node }));
    await bench.startFrom(join(bench.home.folder, 'nodes', node, 'agent.yaml'));
    await eventually(() => expect(bench.asker.replies).toMatchObject([{ outcome: 'ok' }]));
  });
});

describe('running actions', () => {
  it('are bounded in number, and nothing is lost that waits', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    let running = 0;
    const counting = defineAgent(description('slow', 60), {
      work: async () => {
        running++;
        await held;
        return {};
      },
    });
    const agent = await bench.start(node, { yaml: 'limits: { concurrent_actions: 2 }', agent: { agents: [counting] } });
    const replies = Array.from({ length: 20 }, () => bench.asker.ask(node, { agent: 'slow', action: 'work' }));
    await eventually(() => expect(agent.counters.passed).toBe(20));
    // Being found does not wait for others.
    expect(await bench.asker.ask(node, { agent: 'discovery' })).toMatchObject({ outcome: 'ok' });
    await eventually(() => expect(running).toBe(2));
    release(undefined);
    await Promise.all(replies);
    expect(running).toBe(20);
  });
});

describe('the state folder', () => {
  it('holds the audit, with sensitive inputs left out', async () => {
    await bench.start(node);
    await bench.asker.ask(node, { action: 'get_fact', inputs: { fact: 'rack' } });
    const file = join(bench.home.folder, 'nodes', node, 'state', 'audit.log');
    const [record] = await readAudit(file, 'request');
    expect(record).toMatchObject({
      caller: 'cert=alice',
      agent: 'rpcutil',
      action: 'get_fact',
      inputs: { fact: 'rack' },
      allowed: true,
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('that cannot be used stops the start', async () => {
    const configFile = await bench.home.addNode(node);
    await rm(join(dirname(configFile), 'state'), { recursive: true, force: true });
    await writeFile(join(dirname(configFile), 'state'), 'a file');
    expect(await startAgent({ configFile, bus: bench.broker.connect() })).toMatchObject({
      ok: false,
      error: { code: 'storage.failed' },
    });
  });
});
