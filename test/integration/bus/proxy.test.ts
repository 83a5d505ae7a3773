import { exchangeName, nodeQueue, nodeQueueName } from '@muster/protocol/topology';
import { connectBus, type Bus } from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import type { ProxySettings } from '@muster/runtime/proxy';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openConnectProxy, type ConnectProxy } from '../../support/connect-proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const patienceMs = 60_000;

let broker: TestBroker;
const open: { close: () => Promise<unknown> }[] = [];

beforeAll(async () => {
  broker = await startTestBroker({ nodes: ['far'] });
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => broker.stop());

async function proxied(options?: Parameters<typeof openConnectProxy>[0]): Promise<ConnectProxy> {
  const proxy = await openConnectProxy(options);
  open.push(proxy);
  return proxy;
}

/** Connects to the broker by a name that only the proxy knows; its certificate is for another. */
async function connect(proxy: ProxySettings): Promise<Bus> {
  const settings = await broker.nodeSettings('far');
  const [url = ''] = settings.urls;
  const bus = connectBus(
    { ...settings, urls: [url.replace('127.0.0.1', 'broker.example.com')], serverName: 'localhost', proxy },
    { clock: Date.now, randomBytes, backoff: { minMs: 50, maxMs: 500 } },
  );
  open.push(bus);
  return bus;
}

test('a broker is reached through a proxy that asks for a login, and again once its connections were lost', async () => {
  const login = 'muster:open sesame';
  const proxy = await proxied({ login });
  const account = { username: 'muster', password: 'open sesame' };
  const bus = await connect({ url: proxy.url, account, except: [] });
  await eventually(() => expect(bus.state.status).toBe('up'), patienceMs);
  const received: string[] = [];
  await bus.subscribe({
    queue: { name: nodeQueueName('far'), declaration: nodeQueue('classic') },
    bindings: [{ exchange: exchangeName('muster', 'directed'), routingKey: 'far' }],
    prefetch: 10,
    exclusive: true,
    onDelivery(delivery) {
      received.push(new TextDecoder().decode(delivery.body));
      delivery.ack();
    },
  });
  const person = connectBus(await broker.personSettings('demo'), { clock: Date.now, randomBytes });
  open.push(person);
  await eventually(() => expect(person.state.status).toBe('up'), patienceMs);
  const send = (content: string) =>
    person.publish({
      exchange: exchangeName('muster', 'directed'),
      routingKey: 'far',
      body: new TextEncoder().encode(content),
      persistent: true,
      mandatory: true,
    });
  expect(await send('first')).toMatchObject({ ok: true });
  await eventually(() => expect(received).toEqual(['first']), patienceMs);
  proxy.cut();
  expect(await send('second')).toMatchObject({ ok: true });
  // An acknowledgement that was cut off has the first come again.
  await eventually(() => expect(received.at(-1)).toBe('second'), patienceMs);
  const targets = proxy.asked.map(({ target }) => target.split(':')[0]);
  expect(targets.length).toBeGreaterThan(1);
  expect(new Set(targets)).toEqual(new Set(['broker.example.com']));
});

test('a proxy that refuses is told, without the password', async () => {
  const proxy = await proxied({ login: 'muster:open sesame' });
  const account = { username: 'muster', password: 'open barley' };
  const bus = await connect({ url: proxy.url, account, except: [] });
  await eventually(
    () =>
      expect(bus.state).toMatchObject({
        status: 'down',
        reason: { code: 'broker.unreachable', message: expect.stringContaining('HTTP 407') as string },
      }),
    patienceMs,
  );
  expect(JSON.stringify(bus.state)).not.toContain('barley');
});
