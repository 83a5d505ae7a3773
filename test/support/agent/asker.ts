import { open, seal, type Signer, type Verifier } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import {
  parseNotice,
  parseRegistration,
  parseReply,
  type Notice,
  type Registration,
  type Reply,
  type Request,
} from '@muster/protocol/messages';
import {
  allRegistrations,
  exchangeName,
  registryQueue,
  registryQueueName,
  replyQueue,
  replyQueueName,
} from '@muster/protocol/topology';
import type { Bus } from '@muster/runtime/bus';
import { compressor, randomBytes, randomId } from '@muster/runtime/crypto';
import type { Clock } from '@muster/runtime/effects';
import { sealInputs } from '@muster/runtime/sealing';
import { eventually } from '../eventually.ts';

/** A person who sends requests and keeps what comes back. */
export interface Asker {
  /** A request as this person would send it: a broadcast of `rpcutil ping` unless told otherwise. */
  request(overrides?: Partial<Request>): Request;
  /** Signs a message and publishes it where its target or agent says. Gives the bytes, for sending them again. */
  send(message: Partial<Request>): Promise<Uint8Array>;
  sendBytes(bytes: Uint8Array, to?: { readonly agent?: string; readonly target?: string }): Promise<void>;
  readonly replies: readonly Reply[];
  readonly notices: readonly Notice[];
  readonly registrations: readonly Registration[];
  /** Sends a request to one node and waits for its answer. `secrets` are sealed to the node, which must have registered. */
  ask(target: string, overrides: Partial<Request>, secrets?: Request['inputs']): Promise<Reply>;
  /** Inputs sealed to a node that has registered, for this request. */
  seal(target: string, request: Request, secrets: Request['inputs']): Promise<string>;
}

export interface AskerParts {
  readonly name: string;
  readonly bus: Bus;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly clock: Clock;
  readonly collectives?: readonly string[];
}

/** All requests of one asker carry the same reply queue, so that any answer to them is seen. */
export async function createAsker(parts: AskerParts): Promise<Asker> {
  const { name, bus, signer, verifier, clock, collectives = ['muster'] } = parts;
  const replies: Reply[] = [];
  const notices: Notice[] = [];
  const registrations: Registration[] = [];
  const waiting = new Map<string, (reply: Reply) => void>();
  const replyTo = replyQueueName(name, randomId(randomBytes));
  const registry = registryQueueName(name, randomId(randomBytes));
  const opened = async (body: Uint8Array) => unwrap(await open(body, { verifier, compressor, nowMs: clock() }));

  unwrap(
    await bus.subscribe({
      queue: { name: replyTo, declaration: replyQueue(bus.queueType) },
      bindings: collectives.map((collective) => ({ exchange: exchangeName(collective, 'reply'), routingKey: replyTo })),
      prefetch: 100,
      exclusive: false,
      onDelivery: (delivery) => {
        delivery.ack();
        void opened(delivery.body).then((message) => {
          const notice = parseNotice(message);
          if (notice.ok) {
            notices.push(notice.value);
            return;
          }
          const reply = unwrap(parseReply(message));
          replies.push(reply);
          waiting.get(reply.requestId)?.(reply);
        });
      },
    }),
  );
  unwrap(
    await bus.subscribe({
      queue: { name: registry, declaration: registryQueue },
      bindings: collectives.map((collective) => ({
        exchange: exchangeName(collective, 'registry'),
        routingKey: allRegistrations,
      })),
      prefetch: 100,
      exclusive: false,
      onDelivery: (delivery) => {
        delivery.ack();
        void open(delivery.body, { verifier, compressor, nowMs: clock() }).then((message) => {
          // Nodes of another authority speak there, too.
          if (message.ok) registrations.push(unwrap(parseRegistration(message.value)));
        });
      },
    }),
  );

  const request = (overrides: Partial<Request> = {}): Request => ({
    protocol: 'muster.request.v1',
    sender: name,
    caller: `cert=${name}`,
    collective: 'muster',
    issuedAtMs: clock(),
    ttlMs: 60_000,
    nonce: randomId(randomBytes),
    requestId: randomId(randomBytes),
    agent: 'rpcutil',
    action: 'ping',
    inputs: {},
    target: null,
    filter: '',
    replyTo,
    ...overrides,
  });

  async function sendBytes(
    bytes: Uint8Array,
    { agent = 'rpcutil', target }: { agent?: string; target?: string } = {},
  ): Promise<void> {
    const exchange = exchangeName('muster', target === undefined ? 'broadcast' : 'directed');
    const routingKey = target ?? agent;
    unwrap(await bus.publish({ exchange, routingKey, body: bytes, persistent: false, mandatory: true }));
  }

  async function send(message: Partial<Request>): Promise<Uint8Array> {
    const bytes = unwrap(await seal(message, { signer, compressor }));
    await sendBytes(bytes, message.target == null ? { agent: message.agent ?? 'rpcutil' } : { target: message.target });
    return bytes;
  }

  async function sealFor(target: string, message: Request, secrets: Request['inputs']): Promise<string> {
    let recipient = '';
    await eventually(() => {
      const told = registrations.findLast(({ sender }) => sender === target)?.recipient;
      if (told === undefined) throw new Error(`${target} has not told its recipient`);
      recipient = told;
    });
    return unwrap(await sealInputs(secrets, recipient, { ...message, target }));
  }

  return {
    request,
    seal: sealFor,
    send,
    sendBytes,
    replies,
    notices,
    registrations,
    async ask(target, overrides, secrets) {
      const plain = request({ target, ...overrides });
      const message = secrets === undefined ? plain : { ...plain, sealed: await sealFor(target, plain, secrets) };
      const reply = new Promise<Reply>((resolve) => waiting.set(message.requestId, resolve));
      await send(message);
      return reply;
    },
  };
}
