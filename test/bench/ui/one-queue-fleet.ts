import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentDdl } from '@muster/protocol/ddl';
import { open, seal, type Verifier } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { parseRequest, type Reply, type Request } from '@muster/protocol/messages';
import { exchangeName, nodeQueue, nodeQueueName } from '@muster/protocol/topology';
import type { Bus, Delivery } from '@muster/runtime/bus';
import { compressor } from '@muster/runtime/crypto';
import { namedSigner } from './named-keys.ts';

export interface OneQueueFleetOptions {
  /** How many nodes; 1 to 50,000. */
  readonly nodes: number;
  /** How many answers come in a second, at most. */
  readonly perSecond: number;
  readonly bus: Bus;
  readonly verifier: Verifier;
}

const collective = 'muster';
/** Answers come in bunches, so many a second. */
const bunchesPerSecond = 50;

const text = { type: 'string', optional: false, sensitive: false, maxlength: 60, validation: '.' } as const;
const output = (display: string) => ({ type: 'string', description: display, display_as: display }) as const;

const agentOf = (name: string, actions: AgentDdl['actions']): AgentDdl => ({
  kind: 'agent',
  name,
  description: 'Of the bench',
  author: 'Muster',
  license: 'Apache-2.0',
  version: '1.0.0',
  url: 'https://example.com',
  timeout: 60,
  actions,
});

const actionOf = (name: string, more: Partial<AgentDdl['actions'][number]> = {}): AgentDdl['actions'][number] => ({
  name,
  description: 'Of the bench',
  display: 'always',
  inputs: {},
  outputs: {},
  aggregates: [],
  effect: 'read',
  idempotent: true,
  ...more,
});

const agents: readonly AgentDdl[] = [
  agentOf('discovery', [actionOf('ping')]),
  agentOf('rpcutil', [actionOf('ping'), actionOf('inventory'), actionOf('agent_inventory')]),
  agentOf('package', [
    actionOf('status', {
      inputs: { package: { ...text, prompt: 'Package', description: 'Its name' } },
      outputs: {
        name: output('Name'),
        version: output('Version'),
        arch: output('Architecture'),
        state: output('State'),
      },
    }),
  ]),
];

const families = ['Debian', 'RedHat', 'Suse'];
const roles = ['web', 'db', 'cache', 'lb', 'app'];
const countries = ['eu', 'us', 'ap'];

/** One of a list, always the same for the same number. */
const pick = (list: readonly string[], at: number): string => list[at % list.length] ?? '';

const factsOf = (at: number) => ({
  os: { family: pick(families, at), release: { major: String(8 + (at % 5)) } },
  role: pick(roles, at >> 1),
  country: pick(countries, at >> 3),
  processors: { count: 2 << (at % 5) },
  memory: { system: { total_bytes: (1 + (at % 64)) * 2 ** 30 } },
  uptime_seconds: (at * 7919) % 9_000_000,
});

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Has the nodes of a bench answer everything that they are asked; behind one queue, for it is the window that is measured. */
export async function startOneQueueFleet(options: OneQueueFleetOptions): Promise<void> {
  const { nodes, perSecond, bus, verifier } = options;
  const names = agents.map(({ name }) => name);
  const identities = Array.from(
    { length: nodes },
    (_unused, at) => `web${String(at + 1).padStart(5, '0')}.example.com`,
  );
  const placeOf = new Map(identities.map((identity, at) => [identity, at]));
  const [agentsDigest, collectivesDigest] = [digest(agents), digest([collective])];
  const digestsOf = (at: number) => ({
    facts: digest(factsOf(at)),
    classes: digest([]),
    agents: agentsDigest,
    collectives: collectivesDigest,
  });

  function dataOf(request: Request, at: number): Reply['data'] {
    switch (`${request.agent} ${request.action}`) {
      case 'rpcutil inventory':
        return {
          agents: names,
          facts: factsOf(at),
          classes: [],
          version: '1.0.0',
          collectives: [collective],
          digests: digestsOf(at),
        };
      case 'rpcutil agent_inventory':
        // DDLs are JSON, which their types do not say.
        return {
          agents: agents.map((ddl) => ({ agent: ddl.name, ddl: ddl as unknown as Reply['data'] })),
          data_plugins: [],
        };
      case 'package status':
        return {
          name: 'openssl',
          version: `3.0.${at % 7}-${1 + (at % 3)}`,
          arch: 'amd64',
          state: at % 90 === 0 ? 'absent' : 'installed',
        };
      default:
        return { pong: 1, digests: digestsOf(at) };
    }
  }

  // One after the other: drawing as many at random would take a sixth of the processor from what is measured.
  let nonces = 0;
  const nextNonce = (): string => (nonces++).toString(16).padStart(32, '0');

  async function answer(request: Request, at: number): Promise<void> {
    const [identity, nowMs] = [identities[at] ?? '', Date.now()];
    const hasFailed = request.agent === 'package' && at % 150 === 0;
    const reply: Reply = {
      protocol: 'muster.reply.v1',
      sender: identity,
      collective,
      issuedAtMs: nowMs,
      ttlMs: 60_000,
      nonce: nextNonce(),
      requestId: request.requestId,
      agent: request.agent,
      action: request.action,
      outcome: hasFailed ? 'failed' : 'ok',
      statusCode: hasFailed ? 1 : 0,
      statusMessage: hasFailed ? 'The package database is locked' : 'OK',
      data: hasFailed ? {} : dataOf(request, at),
      timings: { receivedAtMs: nowMs, startedAtMs: nowMs, finishedAtMs: nowMs },
    };
    const body = unwrap(await seal(reply, { signer: namedSigner(identity), compressor }));
    const exchange = exchangeName(collective, 'reply');
    unwrap(
      await bus.publish({ exchange, routingKey: request.replyTo ?? '', body, persistent: false, mandatory: false }),
    );
  }

  async function answerAll(request: Request): Promise<void> {
    const bunch = Math.ceil(perSecond / bunchesPerSecond);
    for (let from = 0; from < nodes; from += bunch) {
      const dueMs = performance.now() + 1000 / bunchesPerSecond;
      for (let at = from; at < Math.min(nodes, from + bunch); at++) await answer(request, at);
      await pause(Math.max(1, dueMs - performance.now()));
    }
  }

  async function receive(delivery: Delivery): Promise<void> {
    delivery.ack();
    const { body } = delivery;
    const request = unwrap(parseRequest(unwrap(await open(body, { verifier, compressor, nowMs: Date.now() }))));
    if (request.target === null) await answerAll(request);
    else await answer(request, placeOf.get(request.target) ?? 0);
  }

  unwrap(
    await bus.subscribe({
      queue: { name: nodeQueueName('bench'), declaration: nodeQueue(bus.queueType) },
      bindings: [
        { exchange: exchangeName(collective, 'directed'), routingKey: '#' },
        { exchange: exchangeName(collective, 'broadcast'), routingKey: '#' },
      ],
      prefetch: 100,
      exclusive: true,
      onDelivery: (delivery) => void receive(delivery),
    }),
  );
}
