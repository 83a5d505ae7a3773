import { createHash } from 'node:crypto';
import type { AgentDdl, DataDdl } from '@muster/protocol/ddl';
import { open, seal, type Signer, type Verifier } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { evaluateFilter, parseFilter } from '@muster/protocol/filter';
import { parseRequest, type Registration, type Reply, type Request } from '@muster/protocol/messages';
import { exchangeName, nodeQueue, nodeQueueName, registrationKey } from '@muster/protocol/topology';
import type { Bus, Delivery, Subscribed } from '@muster/runtime/bus';
import { compressor, createSigner, createVerifier, randomBytes, randomId } from '@muster/runtime/crypto';
import { createSealingKey, type SealingKey } from '@muster/runtime/sealing';
import { issueCertificate, type Authority } from '@muster/runtime/pki';

/** What a node of the fake fleet is. */
export interface FakeNodeOptions {
  readonly facts?: Reply['data'];
  readonly classes?: readonly string[];
  readonly agents?: readonly AgentDdl[];
  readonly dataPlugins?: readonly DataDdl[];
  readonly collective?: string;
  /** A key of its own when absent; null for a node of before there were any. */
  readonly sealing?: Pick<SealingKey, 'recipient' | 'open'> | null;
  /** Changes an answer, holds it back (null), or lets it wait. */
  readonly answer?: (request: Request, usual: Reply) => Reply | null | Promise<Reply | null>;
}

/** A node that obeys no policy and keeps no journal, but whose messages are real: sealed, signed, on a bus. */
export interface FakeNode {
  readonly identity: string;
  /** With all inputs in `inputs`; those that travelled in plain are in `plain`. */
  readonly requests: readonly (Request & { readonly plain: Request['inputs'] })[];
  facts: Reply['data'];
  classes: readonly string[];
  register(event: Registration['event']): Promise<void>;
  /** Sends bytes to a reply queue as they are, sealed or not. */
  sendRaw(body: Uint8Array, replyTo: string): Promise<void>;
  seal(message: unknown): Promise<Uint8Array>;
  leave(): Promise<void>;
}

const describe = (name: string, actions: AgentDdl['actions'], timeout = 1): AgentDdl => ({
  kind: 'agent',
  name,
  description: 'For tests',
  author: 'Muster',
  license: 'Apache-2.0',
  version: '1.2.3',
  url: 'https://example.com',
  timeout,
  actions,
});

const action = (name: string, more: Partial<AgentDdl['actions'][number]> = {}): AgentDdl['actions'][number] => ({
  name,
  description: 'For tests',
  display: 'always',
  inputs: {},
  outputs: {},
  aggregates: [],
  effect: 'read',
  idempotent: true,
  ...more,
});

const textInput = {
  type: 'string',
  prompt: 'p',
  description: 'd',
  optional: false,
  sensitive: false,
  maxlength: 9,
  validation: '^\\w+$',
} as const;

/** What every fake node has. */
export const fakeAgents: readonly AgentDdl[] = [
  describe('discovery', [action('ping')]),
  describe('rpcutil', [
    action('ping'),
    action('inventory'),
    action('agent_inventory'),
    action('get_fact', { inputs: { fact: textInput } }),
    action('login', { inputs: { token: { ...textInput, sensitive: true }, mode: { ...textInput, default: 'plain' } } }),
  ]),
];

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

export interface FakeFleet {
  add(identity: string, options?: FakeNodeOptions): Promise<FakeNode>;
}

export function createFakeFleet(authority: Authority, bus: Bus, clock: () => number): FakeFleet {
  const verifier = createVerifier({ caPem: authority.certificatePem });
  return {
    async add(identity, options = {}) {
      const issued = await issueCertificate(authority, { role: 'node', name: identity, validDays: 30 });
      const signer = unwrap(await createSigner(issued));
      const sealing = options.sealing === undefined ? await createSealingKey() : options.sealing;
      return joinFleet({ identity, options, sealing, signer, verifier, bus, clock });
    },
  };
}

async function joinFleet(parts: {
  identity: string;
  options: FakeNodeOptions;
  sealing: NonNullable<FakeNodeOptions['sealing']> | null;
  signer: Signer;
  verifier: Verifier;
  bus: Bus;
  clock: () => number;
}): Promise<FakeNode> {
  const { identity, options, sealing, signer, verifier, bus, clock } = parts;
  const { collective = 'muster', agents = fakeAgents, dataPlugins = [] } = options;
  const requests: FakeNode['requests'][number][] = [];
  const told = sealing === null ? {} : { recipient: sealing.recipient };
  const names = agents.map(({ name }) => name);
  const header = (ttlMs: number) => ({
    sender: identity,
    collective,
    issuedAtMs: clock(),
    ttlMs,
    nonce: randomId(randomBytes),
  });
  const digests = () => ({
    facts: digest(node.facts),
    classes: digest(node.classes),
    agents: digest([agents, dataPlugins]),
    collectives: digest([collective]),
  });
  const sealed = async (message: unknown) => unwrap(await seal(message, { signer, compressor }));

  function dataFor(request: Request): Reply['data'] {
    switch (`${request.agent} ${request.action}`) {
      case 'discovery ping':
        return { pong: 1, digests: digests(), ...told };
      case 'rpcutil inventory':
        return {
          agents: names,
          facts: node.facts,
          classes: [...node.classes],
          version: '0.1.0',
          collectives: [collective],
          digests: digests(),
        };
      case 'rpcutil agent_inventory':
        // DDLs are JSON, which their types do not say.
        return {
          agents: agents.map((ddl) => ({ agent: ddl.name, ddl: ddl as unknown as Reply['data'] })),
          data_plugins: dataPlugins as unknown as Reply['data'][string],
        };
      case 'rpcutil get_fact':
        return { value: node.facts[typeof request.inputs['fact'] === 'string' ? request.inputs['fact'] : ''] ?? null };
      default:
        return { pong: 1 };
    }
  }

  function isMeant(request: Request): boolean {
    if (request.target !== null) return request.target === identity;
    const subject = { identity, collectives: [collective], facts: node.facts, classes: node.classes, agents: names };
    return names.includes(request.agent) && unwrap(evaluateFilter(unwrap(parseFilter(request.filter)), subject));
  }

  /** Null when they do not open. */
  async function secretsOf({ sealed: secrets, target, ...request }: Request): Promise<Request['inputs'] | null> {
    if (secrets === undefined) return {};
    if (sealing === null || target === null) return null;
    const opened = await sealing.open(secrets, { ...request, target });
    return opened.ok ? opened.value : null;
  }

  async function receive(delivery: Delivery): Promise<void> {
    delivery.ack();
    const sent = unwrap(parseRequest(unwrap(await open(delivery.body, { verifier, compressor, nowMs: clock() }))));
    if (!isMeant(sent)) return;
    const secrets = await secretsOf(sent);
    const request = { ...sent, inputs: { ...sent.inputs, ...(secrets ?? {}) } };
    requests.push({ ...request, plain: sent.inputs });
    const nowMs = clock();
    const usual: Reply = {
      protocol: 'muster.reply.v1',
      ...header(60_000),
      requestId: request.requestId,
      agent: request.agent,
      action: request.action,
      outcome: secrets === null ? 'refused' : 'ok',
      statusCode: secrets === null ? 1 : 0,
      statusMessage: secrets === null ? 'sealed for another key' : 'OK',
      data: dataFor(request),
      timings: { receivedAtMs: nowMs, startedAtMs: nowMs, finishedAtMs: nowMs },
    };
    const reply = options.answer === undefined ? usual : await options.answer(request, usual);
    if (reply !== null && request.replyTo !== null) await node.sendRaw(await sealed(reply), request.replyTo);
  }

  const exchange = (purpose: 'broadcast' | 'directed') => exchangeName(collective, purpose);
  const subscribed: Subscribed = unwrap(
    await bus.subscribe({
      queue: { name: nodeQueueName(identity), declaration: nodeQueue(bus.queueType) },
      bindings: [
        { exchange: exchange('directed'), routingKey: identity },
        ...names.map((name) => ({ exchange: exchange('broadcast'), routingKey: name })),
      ],
      prefetch: 100,
      exclusive: true,
      onDelivery: (delivery) => void receive(delivery),
    }),
  );

  const node: FakeNode = {
    identity,
    requests,
    facts: options.facts ?? {},
    classes: options.classes ?? [],
    seal: sealed,
    async register(event) {
      const registration: Registration = {
        protocol: 'muster.registration.v1',
        ...header(600_000),
        event,
        agentVersion: '0.1.0',
        startedAtMs: clock(),
        digests: digests(),
        ...told,
      };
      const body = await sealed(registration);
      const publication = {
        exchange: exchangeName(collective, 'registry'),
        routingKey: registrationKey(event, identity),
        body,
      };
      unwrap(await bus.publish({ ...publication, persistent: false, mandatory: false }));
    },
    async sendRaw(body, replyTo) {
      const publication = { exchange: exchangeName(collective, 'reply'), routingKey: replyTo, body };
      unwrap(await bus.publish({ ...publication, persistent: false, mandatory: false }));
    },
    leave: () => subscribed.cancel({ deleteQueue: true }),
  };
  return node;
}
