import { unwrap, type Fault } from '@muster/protocol/errors';
import { exchangeName, nodeQueue, nodeQueueName, replyQueue, replyQueueName } from '@muster/protocol/topology';
import {
  connectBus,
  type Bus,
  type BusOptions,
  type BusState,
  type BrokerSettings,
  type Delivery,
} from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { onBroker } from '../../faults/world/rabbitmqctl.ts';
import { eventually } from '../../support/eventually.ts';
import { startRelay, type Relay } from '../../support/relay.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const patienceMs = 60_000;

let broker: TestBroker;
const buses: Bus[] = [];
const relays: Relay[] = [];

beforeAll(async () => {
  broker = await startTestBroker({ nodes: ['busy', 'slow', 'patient', 'stuck'] });
  // How long a delivery may go without its acknowledgement, and how often RabbitMQ looks, in milliseconds.
  await tellBroker('application:set_env(rabbit, consumer_timeout, 1000).');
  await tellBroker('application:set_env(rabbit, channel_tick_interval, 500).');
});
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
  for (const relay of relays.splice(0)) relay.close();
});
afterAll(() => broker.stop());

const upOnce = (bus: Bus) => eventually(() => expect(bus.state.status).toBe('up'), patienceMs);

async function connect(
  settings: Promise<BrokerSettings>,
  more: Partial<BrokerSettings> = {},
  options: Partial<BusOptions> = {},
): Promise<Bus> {
  const backoff = { minMs: 50, maxMs: 500 };
  const bus = connectBus(
    { ...(await settings), ...more },
    { clock: Date.now, randomBytes, backoff, heartbeatSeconds: 1, ...options },
  );
  buses.push(bus);
  await upOnce(bus);
  return bus;
}

const directed = (routingKey: string, content = 'x') => ({
  exchange: exchangeName('muster', 'directed'),
  routingKey,
  body: new TextEncoder().encode(content),
  persistent: true,
  mandatory: true,
});

const subscriptionOf = (identity: string, onDelivery: (delivery: Delivery) => void) => ({
  queue: { name: nodeQueueName(identity), declaration: nodeQueue('classic') },
  bindings: [{ exchange: exchangeName('muster', 'directed'), routingKey: identity }],
  prefetch: 10,
  exclusive: true,
  onDelivery,
});

const answersIn = (queue: string, onDelivery: (delivery: Delivery) => void) => ({
  queue: { name: queue, declaration: replyQueue('classic') },
  bindings: [{ exchange: exchangeName('muster', 'reply'), routingKey: queue }],
  prefetch: 10,
  exclusive: true,
  onDelivery,
});

const answer = (queue: string) => ({ ...directed(queue), exchange: exchangeName('muster', 'reply') });

/** Makes the process of a node's queue stop answering, or go on. */
const tellQueue = (identity: string, word: 'suspend' | 'resume') =>
  tellBroker(
    `{ok, Queue} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"${nodeQueueName(identity)}">>)), sys:${word}(amqqueue:get_pid(Queue)).`,
  );

/** Asks the broker's own Erlang to do something. */
const tellBroker = (expression: string) => onBroker(broker.home, 'rabbitmqctl', ['eval', expression]);

async function relayToBroker(): Promise<Relay> {
  const relay = await startRelay(() => Number(new URL(broker.url).port));
  relays.push(relay);
  return relay;
}

const through = (relay: Relay): string => `amqps://127.0.0.1:${relay.port}`;

test('a refused message takes nothing with it that was under way', async () => {
  const received: Delivery[] = [];
  const node = await connect(broker.nodeSettings('busy'));
  unwrap(
    await node.subscribe(
      subscriptionOf('busy', (delivery) => {
        received.push(delivery);
        delivery.ack();
      }),
    ),
  );
  const bus = await connect(broker.personSettings('demo'));
  const forbidden = { ...directed('busy'), exchange: exchangeName('muster', 'reply') };
  const results = await Promise.all(
    Array.from({ length: 60 }, (_unused, at) => bus.publish(at % 20 === 7 ? forbidden : directed('busy', String(at)))),
  );
  const codes = results.map((result) => (result.ok ? 'taken' : result.error.code));
  expect(codes.filter((_code, at) => at % 20 === 7)).toEqual([
    'broker.forbidden',
    'broker.forbidden',
    'broker.forbidden',
  ]);
  const innocent = codes.filter((_code, at) => at % 20 !== 7);
  expect(innocent.filter((code) => code !== 'taken' && code !== 'broker.unconfirmed')).toEqual([]);
  expect((await bus.publish(directed('busy', 'after'))).ok).toBe(true);
  expect(node.state.status).toBe('up');
});

test('who forgets to acknowledge is told, and gets the message again', async () => {
  const held: Delivery[] = [];
  const faults: Fault[] = [];
  const others: string[] = [];
  const console = await connect(broker.personSettings('demo'));
  const [slow, quick] = [replyQueueName('demo', '1'.repeat(32)), replyQueueName('demo', '2'.repeat(32))];
  unwrap(
    await console.subscribe({
      ...answersIn(slow, (delivery) => void held.push(delivery)),
      onFault: (fault) => faults.push(fault),
    }),
  );
  unwrap(
    await console.subscribe(
      answersIn(quick, (delivery) => {
        others.push(delivery.routingKey);
        delivery.ack();
      }),
    ),
  );
  const node = await connect(broker.nodeSettings('slow'));
  unwrap(await node.publish(answer(slow)));
  await eventually(() => expect(held.length).toBeGreaterThan(1), patienceMs);
  expect(faults[0]?.message).toMatch(/acknowledgement.*timed out/);
  held[0]?.ack();
  held.at(-1)?.ack();
  expect(held.at(-1)?.redelivered).toBe(true);
  unwrap(await node.publish(answer(quick)));
  await eventually(() => expect(others).toEqual([quick]));
  expect(console.state.status).toBe('up');
});

test('a broker that is short of room takes nothing, says so, and takes it all when there is room again', async () => {
  const received: string[] = [];
  const node = await connect(broker.nodeSettings('patient'));
  unwrap(
    await node.subscribe(
      subscriptionOf('patient', (delivery) => {
        received.push(new TextDecoder().decode(delivery.body));
        delivery.ack();
      }),
    ),
  );
  const bus = await connect(broker.personSettings('demo'));
  const states: BusState[] = [];
  bus.onState((state) => states.push(state));
  await tellBroker('rabbit_alarm:set_alarm({{resource_limit, disk, node()}, []}).');
  const contents = Array.from({ length: 50 }, (_unused, at) => String(at));
  const first = bus.publish(directed('patient', 'first'));
  await eventually(() => expect(bus.state.status === 'up' ? bus.state.blockedBy : '').toMatch(/disk/), patienceMs);
  const published = contents.map((content) => bus.publish(directed('patient', content)));
  expect(received).toEqual([]);
  await tellBroker('rabbit_alarm:clear_alarm({resource_limit, disk, node()}).');
  expect(await first).toMatchObject({ ok: true });
  expect((await Promise.all(published)).every(({ ok }) => ok)).toBe(true);
  await eventually(() => expect(received).toEqual(['first', ...contents]), patienceMs);
  expect(bus.state).not.toHaveProperty('blockedBy');
});

test('a bus that waits for room can be closed', async () => {
  const bus = await connect(broker.personSettings('demo'));
  await tellBroker('rabbit_alarm:set_alarm({{resource_limit, memory, node()}, []}).');
  try {
    const published = bus.publish(directed('nobody'));
    await eventually(() => expect(bus.state).toHaveProperty('blockedBy'), patienceMs);
    const waiting = bus.publish(directed('nobody'));
    await bus.close();
    expect(
      (await Promise.all([published, waiting])).map((result) => (result.ok ? 'taken' : result.error.code)),
    ).toEqual(['broker.unconfirmed', 'broker.closed']);
  } finally {
    await tellBroker('rabbit_alarm:clear_alarm({resource_limit, memory, node()}).');
  }
});

test('a queue that does not answer holds up nothing for ever', async () => {
  const received: string[] = [];
  const node = await connect(broker.nodeSettings('stuck'), {}, { answerMs: 1000 });
  const subscribed = unwrap(
    await node.subscribe(
      subscriptionOf('stuck', (delivery) => {
        received.push(new TextDecoder().decode(delivery.body));
        delivery.ack();
      }),
    ),
  );
  const bus = await connect(broker.personSettings('demo'), {}, { answerMs: 1000 });
  await tellQueue('stuck', 'suspend');
  try {
    const [stuck, other] = await Promise.all([
      bus.publish(directed('stuck', 'first')),
      bus.publish(directed('nobody')),
    ]);
    expect(stuck).toMatchObject({ error: { code: 'broker.unconfirmed' } });
    expect(other).toMatchObject({ error: { code: 'broker.unroutable' } });
    await subscribed.cancel({ deleteQueue: true });
  } finally {
    await tellQueue('stuck', 'resume');
  }
  unwrap(await node.subscribe(subscriptionOf('stuck', (delivery) => received.push(delivery.routingKey))));
  unwrap(await bus.publish(directed('stuck', 'second')));
  await eventually(() => expect(received.length).toBeGreaterThan(0), patienceMs);
  expect(bus.state.status).toBe('up');
});

test('a connection whose other end went silent is given up for another way', async () => {
  const [first, second] = [await relayToBroker(), await relayToBroker()];
  const bus = await connect(broker.personSettings('demo'), { urls: [through(first), through(second)] });
  expect(bus.state).toMatchObject({ url: through(first) });
  expect(await bus.publish(directed('nobody'))).toMatchObject({ error: { code: 'broker.unroutable' } });
  first.freeze();
  const lost = bus.publish(directed('nobody'));
  expect(await lost).toMatchObject({ ok: false, error: { code: 'broker.unconfirmed' } });
  await upOnce(bus);
  expect(bus.state).toMatchObject({ url: through(second) });
  expect(await bus.publish(directed('nobody'))).toMatchObject({ error: { code: 'broker.unroutable' } });
});

test('a silent broker does not keep a bus from being closed', async () => {
  const relay = await relayToBroker();
  const bus = await connect(broker.nodeSettings('stuck'), { urls: [through(relay)] });
  unwrap(await bus.subscribe(subscriptionOf('stuck', () => undefined)));
  relay.freeze();
  await bus.close();
  expect(bus.state.status).toBe('closed');
});

test('the broker that took us is tried first, those that refuse are passed over', async () => {
  const [dead, alive] = [await relayToBroker(), await relayToBroker()];
  dead.close();
  const urls = [through(dead), through(alive), 'amqps://127.0.0.1:1'];
  const bus = await connect(broker.personSettings('demo'), { urls });
  expect(bus.state).toMatchObject({ url: through(alive) });
});
