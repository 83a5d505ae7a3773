import { join as joinPath } from 'node:path';
import { openEngine, type Engine } from '@muster/client/engine';
import { seal } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import type { Reply, Request } from '@muster/protocol/messages';
import { connectBus, type Bus } from '@muster/runtime/bus';
import { compressor, createSigner, randomBytes } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addConsole } from '../../support/agent/add-console.ts';
import { readAudit, type AuditLine } from '../../support/agent/read-audit.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { createFakeFleet, type FakeNode } from '../../support/client/fake-fleet.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

/*
 * A node was asked together with another one, so it knows the queue and the id of the request. It answers in the other's place before the
 * other does. Broker, connections and console are real.
 */

const honest = 'honest.example.com';
const spoofer = 'spoofer.example.com';

let broker: TestBroker;
let home: TestHome;
let engine: Engine;
const buses: Bus[] = [];
/** The bytes that the honest node sent, as somebody at the broker could have kept them. */
const kept: Uint8Array[] = [];
/** What the spoofer sends to the queue of a request before its own answer. */
let forge: (request: Request, usual: Reply, own: FakeNode) => Promise<readonly Uint8Array[]>;
let honestMayAnswer: Promise<unknown> = Promise.resolve();

/** What the tests ask; a console asks nodes about themselves besides. */
const isPing = ({ agent, action }: Request): boolean => agent === 'rpcutil' && action === 'ping';

async function join(identity: string): Promise<Bus> {
  const effects = { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 500 } };
  const bus = connectBus(await broker.nodeSettings(identity), effects);
  buses.push(bus);
  await eventually(() => expect(bus.state.status).toBe('up'));
  return bus;
}

beforeAll(async () => {
  broker = await startTestBroker();
  home = await createTestHome(broker.authority);
  await addConsole(home, await broker.personSettings('demo'));
  const honestBus = await join(honest);
  const honestNode: FakeNode = await createFakeFleet(broker.authority, honestBus, Date.now).add(honest, {
    answer: async (request, usual) => {
      if (!isPing(request)) return usual;
      const reply = { ...usual, data: { said: 'by the honest node' } };
      kept.push(await honestNode.seal(reply));
      await honestMayAnswer;
      return reply;
    },
  });
  const spooferBus = await join(spoofer);
  const spooferNode: FakeNode = await createFakeFleet(broker.authority, spooferBus, Date.now).add(spoofer, {
    answer: async (request, usual) => {
      if (!isPing(request)) return usual;
      for (const frame of await forge(request, usual, spooferNode))
        await spooferNode.sendRaw(frame, request.replyTo ?? '');
      return { ...usual, data: { said: 'by the spoofer' } };
    },
  });
  engine = unwrap(await openEngine({ home: home.folder, followFleet: false }));
  unwrap(await engine.connection.waitUntilUp(20_000));
});
afterAll(async () => {
  await engine.close();
  await Promise.all(buses.map((bus) => bus.close()));
  await broker.stop();
  await home.remove();
});

const asHonest = (usual: Reply): Reply => ({ ...usual, sender: honest, data: { said: 'by the spoofer' } });

/** Has both asked, the honest node answering only when the spoofer has: what each is held to have said. */
async function answers(): Promise<Record<string, unknown>> {
  let spooferIsDone: (value: unknown) => void = () => undefined;
  honestMayAnswer = new Promise((resolve) => (spooferIsDone = resolve));
  const made = forge;
  forge = async (...given) => {
    const frames = await made(...given);
    // After the forged ones have gone out.
    setTimeout(spooferIsDone, 300);
    return frames;
  };
  const target = { kind: 'nodes' as const, identities: [honest, spoofer] };
  const { runId, finished } = unwrap(await engine.runs.start({ agent: 'rpcutil', action: 'ping', inputs: {}, target }));
  expect(await finished).toMatchObject({ state: 'finished', responses: 2, states: { ok: 2 } });
  const sort = { by: '@identity', descending: false };
  const { rows } = unwrap(await engine.runs.results({ runId, states: [], search: '', sort, offset: 0, limit: 10 }));
  return Object.fromEntries(rows.map(({ identity, data }) => [identity, data]));
}

const truth = { [honest]: { said: 'by the honest node' }, [spoofer]: { said: 'by the spoofer' } };

const signedBy = async (role: 'node' | 'person', name: string, message: unknown, authority = broker.authority) => {
  const signer = unwrap(await createSigner(await issueCertificate(authority, { role, name, validDays: 1 })));
  return unwrap(await seal(message, { signer, compressor }));
};

const audited = (): Promise<readonly AuditLine[]> =>
  readAudit(joinPath(home.folder, 'audit', 'audit-1.log'), 'rejected').catch(() => []);

/** The truth is told in spite of what the spoofer sends, which the audit of the console has. */
async function isNotBelieved(code: string): Promise<void> {
  const before = (await audited()).length;
  expect(await answers()).toEqual(truth);
  await eventually(async () => expect((await audited()).slice(before)).toMatchObject([{ code, agent: 'rpcutil' }]));
}

it.each<[string, string, (request: Request, usual: Reply, own: FakeNode) => Promise<Uint8Array>]>([
  [
    'in the name of the other, with its own signature',
    'sender.mismatch',
    (_request, usual, own) => own.seal(asHonest(usual)),
  ],
  [
    'with a certificate of another authority',
    'certificate.untrusted',
    async (_request, usual) =>
      signedBy(
        'node',
        honest,
        asHonest(usual),
        await createAuthority({ name: 'Test authority', clock: () => Date.now() }),
      ),
  ],
  ['as a person of that name', 'certificate.role', (_request, usual) => signedBy('person', honest, asHonest(usual))],
  ['with bytes of no form', 'frame.malformed', () => Promise.resolve(new Uint8Array(Buffer.from('\u0000not a frame')))],
])('is not believed, and audited: %s', async (_what, code, forged) => {
  forge = async (...given) => [await forged(...given)];
  await isNotBelieved(code);
});

it('is not believed, and audited: with what the other answered to an earlier request', async () => {
  forge = () => Promise.resolve([]);
  await answers();
  const earlier = kept.at(-1) ?? new Uint8Array();
  forge = () => Promise.resolve([earlier]);
  await isNotBelieved('message.malformed');
});

it('is not believed, and audited: with the answer of the other, one byte changed', async () => {
  forge = () => {
    const frame = Uint8Array.from(kept.at(-1) ?? []);
    const place = frame.length - 1;
    frame[place] = (frame[place] ?? 0) ^ 1;
    return Promise.resolve([frame]);
  };
  await isNotBelieved('signature.invalid');
});
