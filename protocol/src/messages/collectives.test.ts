import { expect, it } from 'vitest';
import { parseRegistration, parseReply, parseRequest } from './index.ts';

const digest = '0'.repeat(64);
const header = { collective: 'eu', issuedAtMs: 1, ttlMs: 1000, nonce: '0'.repeat(32) };
const timings = { receivedAtMs: 1, startedAtMs: null, finishedAtMs: null };
const bodies = {
  request: {
    ...header,
    protocol: 'muster.request.v1',
    sender: 'alice',
    requestId: '0'.repeat(32),
    caller: 'cert=alice',
    agent: 'rpcutil',
    action: 'ping',
    inputs: {},
    target: null,
    filter: '',
    replyTo: null,
  },
  reply: {
    ...header,
    protocol: 'muster.reply.v1',
    sender: 'web1',
    requestId: '0'.repeat(32),
    agent: 'rpcutil',
    action: 'ping',
    outcome: 'ok',
    statusCode: 0,
    statusMessage: 'OK',
    data: {},
    timings,
  },
  registration: {
    ...header,
    protocol: 'muster.registration.v1',
    sender: 'web1',
    event: 'alive',
    agentVersion: '1',
    startedAtMs: 1,
    digests: { facts: digest, classes: digest, agents: digest, collectives: digest },
  },
};

it.each([
  ['request', parseRequest, { role: 'person', name: 'alice' }],
  ['reply', parseReply, { role: 'node', name: 'web1' }],
  ['registration', parseRegistration, { role: 'node', name: 'web1' }],
] as const)('a %s counts in the collectives of its certificate alone', (kind, parse, { role, name }) => {
  const opened = (collectives?: readonly string[]) => ({
    principal: { role, name, fingerprint: digest, ...(collectives === undefined ? {} : { collectives }) },
    body: bodies[kind],
  });
  expect(parse(opened())).toMatchObject({ ok: true });
  expect(parse(opened(['us', 'eu']))).toMatchObject({ ok: true });
  expect(parse(opened(['us']))).toMatchObject({ error: { code: 'certificate.collective' } });
});
