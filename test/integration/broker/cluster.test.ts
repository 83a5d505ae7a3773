import { startAgent, type RunningAgent } from '@muster/agent/service';
import { unwrap } from '@muster/protocol/errors';
import { exchangeName, nodeQueue, nodeQueueName } from '@muster/protocol/topology';
import { connectBus, type Bus, type BrokerSettings, type Delivery } from '@muster/runtime/bus';
import { createVerifier, randomBytes } from '@muster/runtime/crypto';
import { createLogger } from '@muster/runtime/logging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAsker, type Asker } from '../../support/agent/asker.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestCluster, type TestCluster } from '../../support/test-cluster.ts';
import { listeningSockets } from './listening-sockets.ts';

const identities = ['web01', 'web02', 'web03', 'web04'];
const patienceMs = 90_000;

let cluster: TestCluster;
let home: TestHome;
const buses: Bus[] = [];
const agents: RunningAgent[] = [];

beforeAll(async () => {
  cluster = await startTestCluster([...identities, 'hoard']);
  home = await createTestHome(cluster.authority);
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.stop()));
  await Promise.all(buses.map((bus) => bus.close()));
  await home.remove();
  await cluster.stop();
});

async function connect(settings: BrokerSettings): Promise<Bus> {
  const bus = connectBus(settings, {
    clock: Date.now,
    randomBytes,
    backoff: { minMs: 100, maxMs: 1000 },
    heartbeatSeconds: 2,
  });
  buses.push(bus);
  await eventually(() => expect(bus.state.status).toBe('up'), patienceMs);
  return bus;
}

async function startOne(identity: string): Promise<void> {
  const bus = await connect(await cluster.nodeSettings(identity));
  const logger = createLogger({ name: identity, level: 'silent', destination: { write: () => undefined } });
  const configFile = await home.addNode(identity);
  const agent = unwrap(await startAgent({ configFile, bus, logger, clock: Date.now }));
  agents.push(agent);
  unwrap(await agent.ready);
}

async function connectAsker(): Promise<{ asker: Asker; bus: Bus }> {
  const bus = await connect(await cluster.personSettings('demo'));
  const signer = await home.signerOf('person', 'demo');
  const verifier = createVerifier({ caPem: cluster.authority.certificatePem });
  return { asker: await createAsker({ name: 'demo', bus, signer, verifier, clock: Date.now }), bus };
}

/** Asks each node, and again until the broker has the question, as a console does. */
async function askAll(asker: Asker): Promise<void> {
  const requests = identities.map((target) => asker.request({ target }));
  for (const request of requests) await eventually(() => asker.send(request), patienceMs);
  const asked = requests.map(({ requestId }) => requestId);
  await eventually(() => {
    const answered = new Set(asker.replies.map(({ requestId }) => requestId));
    expect(asked.filter((requestId) => !answered.has(requestId))).toEqual([]);
  }, patienceMs);
}

/** Sends numbered messages to a node that is away, until told to stop; gives the numbers that the broker confirmed. */
function sendOn(bus: Bus, identity: string): { stop(): Promise<string[]>; readonly confirmed: readonly string[] } {
  const confirmed: string[] = [];
  const end = new AbortController();
  const sending = (async () => {
    for (let number = 1; !end.signal.aborted; number++) {
      const body = new TextEncoder().encode(String(number));
      const exchange = exchangeName('muster', 'directed');
      const sent = await bus.publish({ exchange, routingKey: identity, body, persistent: true, mandatory: true });
      if (sent.ok) confirmed.push(String(number));
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return confirmed;
  })();
  return {
    confirmed,
    stop() {
      end.abort();
      return sending;
    },
  };
}

const memberOf = (bus: Bus) => {
  const { state } = bus;
  return cluster.members.find(({ url }) => state.status === 'up' && url === state.url);
};

test('agents and console work on while one of three brokers is killed and comes back, and nothing confirmed is lost', async () => {
  await Promise.all(identities.map(startOne));
  const { asker, bus } = await connectAsker();
  await askAll(asker);

  const hoard = { name: nodeQueueName('hoard'), declaration: nodeQueue('quorum') };
  const bindings = [{ exchange: exchangeName('muster', 'directed'), routingKey: 'hoard' }];
  const common = { queue: hoard, bindings, prefetch: 100, exclusive: true };
  const declarer = await connect(await cluster.nodeSettings('hoard'));
  const declared = unwrap(await declarer.subscribe({ ...common, onDelivery: () => undefined }));
  await declared.cancel();
  const sender = sendOn(bus, 'hoard');
  await eventually(() => expect(sender.confirmed.length).toBeGreaterThan(20), patienceMs);

  const killed = memberOf(bus);
  if (killed === undefined) throw new Error('The console is on no broker of the cluster');
  await killed.kill();
  await eventually(() => expect([undefined, killed]).not.toContain(memberOf(bus)), patienceMs);
  await askAll(asker);

  const before = sender.confirmed.length;
  unwrap(await killed.start());
  await eventually(() => expect(sender.confirmed.length).toBeGreaterThan(before + 20), patienceMs);
  await askAll(asker);

  const confirmed = await sender.stop();
  const received = new Set<string>();
  const onDelivery = (delivery: Delivery) => {
    received.add(new TextDecoder().decode(delivery.body));
    delivery.ack();
  };
  unwrap(await declarer.subscribe({ ...common, onDelivery }));
  await eventually(() => expect(confirmed.filter((number) => !received.has(number))).toEqual([]), patienceMs);
}, 300_000);

test('the brokers of a private cluster listen on the loopback interface alone', () => {
  const addresses = cluster.members.flatMap(({ pid }) => listeningSockets(pid).map(({ address }) => address));
  expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
});
