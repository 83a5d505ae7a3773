import { openEngine, type Engine, type EngineRunOrder } from '@muster/client/engine';
import { unwrap } from '@muster/protocol/errors';
import {
  exchangeName,
  nodeQueue,
  nodeQueueName,
  replyQueueName,
  undeliveredExchange,
  undeliveredKey,
} from '@muster/protocol/topology';
import { connectBus, type Bus, type BrokerSettings, type Delivery, type Subscription } from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addConsole } from '../../support/agent/add-console.ts';
import { LedgerFleet } from '../../support/agent/ledger-fleet.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { connectAmqp, openChannel, publishConfirmed } from '../../support/amqp.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestSites, type TestSites } from '../../support/test-sites.ts';

const patienceMs = 90_000;
const hourMs = 3_600_000;
const requestId = '0123456789abcdef0123456789abcdef';
const near = 'web1.north.example.com';
const far = 'web1.south.example.com';
const both = [near, far] as const;

let sites: TestSites;
let home: TestHome;
let fleet: LedgerFleet;
let engine: Engine;
const buses: Bus[] = [];

beforeAll(async () => {
  sites = await startTestSites([...both, 'away.south.example.com']);
  home = await createTestHome(sites.authority);
  fleet = new LedgerFleet(home);
  await fleet.add(near, sites.north.url);
  await fleet.add(far, sites.south.url);
  await addConsole(home, await sites.north.personSettings('demo'));
  engine = unwrap(await openEngine({ home: home.folder, followFleet: true, adoptRuns: false }));
  unwrap(await engine.connection.waitUntilUp(patienceMs));
});
afterAll(async () => {
  await engine.close();
  await Promise.all(buses.map((bus) => bus.close()));
  await fleet.stop();
  await sites.stop();
  await home.remove();
});
afterEach(() => fleet.startFallen());

async function connect(settings: BrokerSettings): Promise<Bus> {
  const bus = connectBus(settings, { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 1000 } });
  buses.push(bus);
  await eventually(() => expect(bus.state.status).toBe('up'), patienceMs);
  return bus;
}

async function start(name: string, more: Partial<EngineRunOrder> & { identities?: readonly string[] } = {}) {
  const { identities = both, ...order } = more;
  const target = { kind: 'nodes' as const, identities: [...identities] };
  return unwrap(await engine.runs.start({ agent: 'ledger', action: 'work', inputs: { name }, target, ...order }));
}
const shows = (runId: string, what: object) =>
  eventually(async () => expect(unwrap(await engine.runs.get(runId))).toMatchObject(what), patienceMs);
const known = () => engine.inventory.identities('').then(unwrap);

/** Runs on all nodes, so that what was asked before is known to be over on each. */
async function runsEverywhere(name: string): Promise<void> {
  const run = await start(name);
  await fleet.letEnd(name, both);
  expect(await run.finished).toMatchObject({ states: { ok: both.length } });
  await fleet.ranOnce(name, both);
}

describe('a console at one of two sites', () => {
  it('learns of nodes of both as they register', async () => {
    await fleet.start(near);
    await fleet.start(far);
    await eventually(async () => expect(await known()).toEqual([...both]), patienceMs);
  });

  it('finds the nodes of both by asking them', async () => {
    const find = () => engine.discovery.discover({ filter: { kind: 'all' }, agent: 'ledger' }).then(unwrap);
    await eventually(async () => expect([...(await find()).identities].sort()).toEqual([...both]), patienceMs);
  });

  it('hears the answer to each of many questions, although word of the queue for it may come late', async () => {
    const heard: string[] = [];
    for (let question = 0; question < 20; question++) {
      const asked = await engine.ask({
        agent: 'rpcutil',
        action: 'ping',
        inputs: {},
        identities: [far],
        timeoutMs: 30_000,
        onAnswer: ({ identity }) => heard.push(identity),
      });
      unwrap(asked);
    }
    expect(heard).toEqual(new Array(20).fill(far));
  });

  it('runs an action on nodes of both, hears that it runs, and has the answers', async () => {
    const run = await start('directed');
    await fleet.begins('directed', both);
    await shows(run.runId, { states: { running: 2 } });
    await fleet.letEnd('directed', both);
    expect(await run.finished).toMatchObject({ state: 'finished', responses: 2, states: { ok: 2 } });
    await fleet.ranOnce('directed', both);
  });

  it('reaches both by one broadcast', async () => {
    const target = { kind: 'filter', filter: '' } as const;
    const run = await start('broadcast', { target, delivery: 'broadcast' });
    await fleet.begins('broadcast', both);
    await fleet.letEnd('broadcast', both);
    expect(await run.finished).toMatchObject({ state: 'finished', responses: 2, states: { ok: 2 } });
    await fleet.ranOnce('broadcast', both);
  });

  it('is told at once of a node that neither knows', async () => {
    const run = await start('known', { identities: ['nosuch.example.com', far] });
    await fleet.begins('known', [far]);
    await shows(run.runId, { states: { unknown_node: 1, running: 1 } });
    await fleet.letEnd('known', [far]);
    expect(await run.finished).toMatchObject({ states: { unknown_node: 1, ok: 1 } });
  });

  it('gets a request back that nobody took at the other site in time', async () => {
    await fleet.kill(far);
    const run = await start('expired', { identities: [far], ttlMs: 1000, deliveryMs: 60_000 });
    await shows(run.runId, { states: { expired: 1 } });
    await fleet.start(far);
    expect(await run.finished).toMatchObject({ states: { expired: 1 } });
    await runsEverywhere('next');
    expect(await fleet.lines(far, 'expired')).toEqual([]);
  });
});

describe('while the link is broken', () => {
  afterEach(() => sites.mendLinks());

  it('what is asked waits, and runs once when the link is back', async () => {
    sites.cutLinks();
    const run = await start('cut', { deliveryMs: 1000, untilMs: Date.now() + hourMs });
    await fleet.begins('cut', [near]);
    await fleet.letEnd('cut', both);
    await shows(run.runId, { states: { ok: 1, waiting: 1 } });
    sites.mendLinks();
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 2 } });
    await fleet.ranOnce('cut', both);
  });

  it('answers wait at the other site, and arrive when the link is back', async () => {
    const run = await start('answers');
    await fleet.begins('answers', both);
    await shows(run.runId, { states: { running: 2 } });
    sites.cutLinks();
    await fleet.letEnd('answers', both);
    await shows(run.runId, { states: { ok: 1, running: 1 } });
    await eventually(() => fleet.ranOnce('answers', both), patienceMs);
    sites.mendLinks();
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 2 } });
    await fleet.ranOnce('answers', both);
  });

  it('what is wanted only until then expires, and is never run', async () => {
    sites.cutLinks();
    const run = await start('late', { identities: [far], deliveryMs: 500, untilMs: Date.now() + 3000 });
    expect(await run.finished).toMatchObject({ state: 'finished', states: { expired: 1 } });
    sites.mendLinks();
    await runsEverywhere('after');
    expect(await fleet.lines(far, 'late')).toEqual([]);
  });
});

it('nodes of a site whose broker is stopped are still known, and get what was asked meanwhile', async () => {
  await sites.south.pause();
  const run = await start('stopped', { deliveryMs: 1000, untilMs: Date.now() + hourMs });
  await fleet.letEnd('stopped', both);
  await shows(run.runId, { states: { ok: 1, waiting: 1 } });
  await sites.south.resume();
  expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 2 } });
  await fleet.ranOnce('stopped', both);
});

it('a request that died comes back to each site once', async () => {
  const identity = 'away.south.example.com';
  const node = await connect(await sites.south.nodeSettings(identity));
  const bindings = [{ exchange: exchangeName('muster', 'directed'), routingKey: identity }];
  const queue = { name: nodeQueueName(identity), declaration: nodeQueue('classic') };
  const common = { prefetch: 1, exclusive: false };
  const declared = unwrap(await node.subscribe({ ...common, queue, bindings, onDelivery: () => undefined }));
  await declared.cancel();

  const deaths = { north: new Array<Delivery>(), south: new Array<Delivery>() };
  const listen = async (site: 'north' | 'south') => {
    const bus = await connect(await sites[site].personSettings('demo'));
    const subscription: Subscription = {
      ...common,
      queue: { name: replyQueueName('demo', requestId), declaration: nodeQueue('classic') },
      bindings: [{ exchange: undeliveredExchange, routingKey: undeliveredKey('demo', requestId) }],
      onDelivery(delivery) {
        deaths[site].push(delivery);
        delivery.ack();
      },
    };
    return { bus, subscribed: unwrap(await bus.subscribe(subscription)) };
  };
  const { bus } = await listen('north');
  await listen('south');
  const send = (text: string) =>
    bus.publish({
      exchange: exchangeName('muster', 'directed'),
      routingKey: identity,
      undeliveredKey: undeliveredKey('demo', requestId),
      body: new TextEncoder().encode(text),
      persistent: true,
      mandatory: true,
      expirationMs: 1,
    });
  await eventually(async () => unwrap(await send('one')), patienceMs);
  const texts = (site: 'north' | 'south') => deaths[site].map(({ body }) => new TextDecoder().decode(body));
  await eventually(() => expect(texts('north')).toEqual(['one']), patienceMs);
  // Whoever came back twice would be there before the second.
  unwrap(await send('two'));
  await eventually(() => expect(texts('north')).toEqual(['one', 'two']), patienceMs);
  expect(deaths.north[0]?.died).toEqual({ queue: nodeQueueName(identity), reason: 'expired' });
  // A person may be at either site; nothing goes to and fro between them.
  expect(texts('south')).toEqual(['one', 'two']);
});

describe('the broker of the other site', () => {
  it('may ask nobody, and answer nobody', async () => {
    const connection = await connectAmqp(await sites.north.otherSiteSettings());
    for (const name of ['directed', 'broadcast', 'reply', 'registry'] as const) {
      await expect(publishConfirmed(connection, exchangeName('muster', name), near)).rejects.toThrow(/ACCESS_REFUSED/);
    }
    await connection.close();
  });

  it('may read no queue of nodes or people, and listen to no answers but those to one request', async () => {
    const connection = await connectAmqp(await sites.north.otherSiteSettings());
    const refused = async (what: (channel: Awaited<ReturnType<typeof openChannel>>) => Promise<unknown>) =>
      expect(what(await openChannel(connection))).rejects.toThrow(/ACCESS_REFUSED/);
    await refused((channel) => channel.consume(nodeQueueName(near), () => undefined));
    await refused((channel) => channel.assertQueue(nodeQueueName('mine.example.com')));
    await refused((channel) => channel.assertQueue(replyQueueName('demo', requestId)));
    const link = 'federation: muster.reply -> south';
    for (const key of ['#', 'reply.#', 'reply.demo.*'])
      await refused((channel) => channel.bindQueue(link, exchangeName('muster', 'reply'), key));
    await connection.close();
  });
});
