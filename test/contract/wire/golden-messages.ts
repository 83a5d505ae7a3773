import { fileURLToPath } from 'node:url';
import type { Registration, Reply, Request } from '@muster/protocol/messages';

export interface GoldenWire {
  readonly about: string;
  readonly caPem: string;
  readonly frames: { readonly name: string; readonly hex: string }[];
}

export const goldenFile = fileURLToPath(new URL('../../golden/wire-v1.json', import.meta.url));

/** Within the validity of the golden certificates. */
export const goldenNowMs = Date.UTC(2026, 5, 1);

const request: Request = {
  protocol: 'muster.request.v1',
  sender: 'alice',
  collective: 'muster',
  issuedAtMs: goldenNowMs,
  ttlMs: 60_000,
  nonce: '000102030405060708090a0b0c0d0e0f',
  requestId: 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
  caller: 'cert=alice',
  agent: 'rpcutil',
  action: 'get_fact',
  inputs: { fact: 'os.family' },
  target: null,
  filter: 'role::web and os.family=Debian',
  replyTo: 'reply.alice.f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
};

const reply: Reply = {
  protocol: 'muster.reply.v1',
  sender: 'web01.example.com',
  collective: 'muster',
  issuedAtMs: goldenNowMs + 5,
  ttlMs: 60_000,
  nonce: '101112131415161718191a1b1c1d1e1f',
  requestId: request.requestId,
  agent: 'rpcutil',
  action: 'get_fact',
  outcome: 'ok',
  statusCode: 0,
  statusMessage: 'OK',
  data: { fact: 'os.family', value: 'Debian – ünïcode ✓' },
  timings: { receivedAtMs: goldenNowMs + 2, startedAtMs: goldenNowMs + 3, finishedAtMs: goldenNowMs + 4 },
};

const registration: Registration = {
  protocol: 'muster.registration.v1',
  sender: 'web01.example.com',
  collective: 'muster',
  issuedAtMs: goldenNowMs,
  ttlMs: 600_000,
  nonce: '202122232425262728292a2b2c2d2e2f',
  event: 'started',
  agentVersion: '0.1.0',
  startedAtMs: goldenNowMs,
  digests: { facts: 'a'.repeat(64), classes: 'b'.repeat(64), agents: 'c'.repeat(64), collectives: 'd'.repeat(64) },
};

/** What the golden vectors carry, and who signed it. */
export const goldenMessages = [
  { name: 'request', role: 'person', holder: 'alice', message: request },
  { name: 'reply', role: 'node', holder: 'web01.example.com', message: reply },
  {
    name: 'compressed reply',
    role: 'node',
    holder: 'web01.example.com',
    message: { ...reply, data: { value: 'x'.repeat(5000) } },
  },
  { name: 'registration', role: 'node', holder: 'web01.example.com', message: registration },
] as const;
