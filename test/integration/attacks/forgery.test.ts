import { X509Certificate } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { open, seal, type Compressor, type Signer } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { connectBus, type Bus } from '@muster/runtime/bus';
import { compressor, createSigner, createVerifier, randomBytes } from '@muster/runtime/crypto';
import { createAuthority, createRevocationList, issueCertificate, type Authority } from '@muster/runtime/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgentProcess, type AgentProcess } from '../../support/agent/agent-process.ts';
import { createAsker, type Asker } from '../../support/agent/asker.ts';
import { readAudit, type AuditLine } from '../../support/agent/read-audit.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

/*
 * Somebody has the account of a person on the broker, so that every message arrives, and tries to have a node do what a certificate of
 * the fleet does not allow. The node is a process on a real broker.
 */

const node = 'web1.example.com';
const dayMs = 24 * 3_600_000;

let broker: TestBroker;
let home: TestHome;
let bus: Bus;
/** Whose messages are genuine. */
let demo: Asker;
let demoSigner: Signer;
let stolen: Signer;
let folder: string;
let agent: AgentProcess;

async function startNode(): Promise<void> {
  agent = await startAgentProcess(join(folder, 'agent.yaml'));
}

const audit = (kind: string): Promise<readonly AuditLine[]> => readAudit(join(folder, 'state', 'audit.log'), kind);

beforeAll(async () => {
  broker = await startTestBroker({ nodes: [node] });
  home = await createTestHome(broker.authority);
  stolen = await home.signerOf('person', 'demo');
  const configFile = await home.addNode(node, {
    broker: broker.url,
    revocations: await createRevocationList(broker.authority, {
      number: 1,
      validDays: 7,
      revoked: [
        { serial: new X509Certificate(stolen.certificate).serialNumber, atMs: Date.now(), reason: 'key-compromise' },
      ],
    }),
  });
  folder = dirname(configFile);
  const settings = await broker.personSettings('demo');
  bus = connectBus(settings, { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 500 } });
  await eventually(() => expect(bus.state.status).toBe('up'));
  demoSigner = unwrap(await createSigner({ certificatePem: settings.certificate, keyPem: settings.key }));
  const verifier = createVerifier({ caPem: settings.ca });
  demo = await createAsker({ name: 'demo', bus, signer: demoSigner, verifier, clock: Date.now });
  await startNode();
});
afterAll(async () => {
  await agent.kill();
  await bus.close();
  await broker.stop();
  await home.remove();
});

/** A request that would change something, were it carried out. */
const request = (overrides = {}) =>
  demo.request({ target: node, agent: 'rpcutil', action: 'collective_info', ...overrides });

/** Sends bytes, and waits until the node has dealt with them: it answers what comes behind. */
async function send(...frames: readonly Uint8Array[]): Promise<void> {
  for (const frame of frames) await demo.sendBytes(frame, { target: node });
  expect(await demo.ask(node, { agent: 'rpcutil', action: 'ping' })).toMatchObject({ outcome: 'ok' });
}

const sealed = async (message: unknown, signer: Signer, packer: Compressor = compressor): Promise<Uint8Array> =>
  unwrap(await seal(message, { signer, compressor: packer }));

const answersTo = (requestId: string) => demo.replies.filter((reply) => reply.requestId === requestId);

const signerBy = async (authority: Authority, role: 'person' | 'node' | 'broker', name = 'demo'): Promise<Signer> =>
  unwrap(await createSigner(await issueCertificate(authority, { role, name, validDays: 1 })));

/** The same authority at another time. */
const at = (shiftMs: number): Authority => ({ ...broker.authority, clock: () => Date.now() + shiftMs });

describe('a message is refused without an answer, and audited, when it', () => {
  const forgeries: readonly (readonly [what: string, code: string, make: () => Promise<Uint8Array>])[] = [
    ['names another caller', 'sender.mismatch', async () => sealed(request({ caller: 'cert=other' }), demoSigner)],
    [
      'names another sender',
      'sender.mismatch',
      async () => sealed(request({ sender: 'other', caller: 'cert=other', replyTo: null }), demoSigner),
    ],
    [
      'wants its answer brought to somebody else',
      'sender.mismatch',
      async () => sealed(request({ replyTo: `reply.other.${'0'.repeat(32)}` }), demoSigner),
    ],
    [
      'is signed with a certificate of a foreign authority of the same name',
      'certificate.untrusted',
      async () => {
        const foreign = await createAuthority({ name: 'Test authority', clock: Date.now });
        return sealed(request(), await signerBy(foreign, 'person'));
      },
    ],
    ['is signed with a revoked certificate', 'certificate.revoked', async () => sealed(request(), stolen)],
    [
      'is signed with a certificate that has expired',
      'certificate.expired',
      async () => sealed(request(), await signerBy(at(-10 * dayMs), 'person')),
    ],
    [
      'is signed with a certificate that is not valid yet',
      'certificate.expired',
      async () => sealed(request(), await signerBy(at(10 * dayMs), 'person')),
    ],
    [
      'is signed by a node',
      'certificate.role',
      async () => sealed(request(), await signerBy(broker.authority, 'node', 'web2.example.com')),
    ],
    [
      'is signed by a broker',
      'certificate.role',
      async () => sealed(request(), await signerBy(broker.authority, 'broker')),
    ],
    [
      'brings the certificate of somebody else',
      'signature.invalid',
      async () => {
        const victim = await signerBy(broker.authority, 'person');
        return sealed(request(), { ...demoSigner, certificate: victim.certificate });
      },
    ],
    [
      'unpacks to a hundred times its limit',
      'frame.oversized',
      async () =>
        sealed(request({ inputs: { text: 'x'.repeat(400_000) } }), demoSigner, {
          ...compressor,
          deflate: () => deflateRawSync(Buffer.alloc(100 * 1024 * 1024)),
        }),
    ],
    [
      'is packed in a broken way',
      'frame.compression',
      async () =>
        sealed(request({ inputs: { text: 'x'.repeat(4000) } }), demoSigner, {
          ...compressor,
          deflate: () => Uint8Array.from([7, 7, 7, 7]),
        }),
    ],
    [
      'nests thousands of lists',
      'message.malformed',
      async () => {
        let nest: unknown = [];
        for (let depth = 0; depth < 3000; depth++) nest = [nest];
        return sealed({ ...request(), inputs: { nest } }, demoSigner);
      },
    ],
  ];

  it.each(forgeries)('%s', async (_what, code, make) => {
    const before = (await audit('rejected')).filter((line) => line['code'] === code).length;
    const requests = (await audit('request')).length;
    const replies = demo.replies.length;
    await send(await make());
    expect((await audit('rejected')).filter((line) => line['code'] === code)).toHaveLength(before + 1);
    // No more than the question that was answered behind it.
    expect(demo.replies).toHaveLength(replies + 1);
    expect((await audit('request')).length).toBeLessThanOrEqual(requests + 1);
  });
});

/** Where the parts of a frame begin, by the lengths in its head. */
function partsOf(frame: Uint8Array): Readonly<Record<string, number>> {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const [head, certificate, body] = [14, view.getUint16(6), view.getUint32(8)];
  return {
    'its first bytes': 0,
    'the version': 4,
    'the flags': 5,
    'the length of the certificate': 7,
    'the length of the body': 11,
    'the length of the signature': 13,
    'the certificate': head + Math.trunc(certificate / 2),
    'the body': head + certificate + Math.trunc(body / 2),
    'the signature': head + certificate + body,
  };
}

describe('a genuine request', () => {
  it('with a byte changed in any of its parts is audited as refused', async () => {
    const genuine = await sealed(request(), demoSigner);
    for (const [part, index] of Object.entries(partsOf(genuine))) {
      const before = (await audit('rejected')).length;
      const changed = Uint8Array.from(genuine);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await send(changed);
      const [line, ...others] = (await audit('rejected')).slice(before);
      expect(line, part).toMatchObject({ code: expect.stringMatching(/^(frame|certificate|signature)\./) as string });
      expect(others, part).toEqual([]);
    }
  });

  it('with one byte changed, whichever, is never carried out', async () => {
    const message = request();
    const genuine = await sealed(message, demoSigner);
    for (const index of genuine.keys()) {
      const changed = Uint8Array.from(genuine);
      changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8));
      await demo.sendBytes(changed, { target: node });
    }
    await send();
    expect(answersTo(message.requestId)).toEqual([]);
    expect((await audit('request')).filter((line) => line['requestId'] === message.requestId)).toEqual([]);
  });

  it('that is cut off anywhere is never carried out', async () => {
    const message = request();
    const genuine = await sealed(message, demoSigner);
    for (let length = 0; length < genuine.length; length += 7) {
      await demo.sendBytes(genuine.subarray(0, length), { target: node });
    }
    await send();
    expect(answersTo(message.requestId)).toEqual([]);
  });

  it('for another node is refused, with an answer', async () => {
    const message = request({ target: 'web9.example.com' });
    await send(await sealed(message, demoSigner));
    await eventually(() => expect(answersTo(message.requestId)).toMatchObject([{ outcome: 'refused' }]));
    expect(await audit('request')).toContainEqual(
      expect.objectContaining({ requestId: message.requestId, allowed: false, code: 'sender.mismatch' }),
    );
  });

  it('that comes too late, or from the future, is refused with an answer that says so', async () => {
    const late = request({ issuedAtMs: Date.now() - 120_000 });
    const early = request({ issuedAtMs: Date.now() + 120_000 });
    await send(await sealed(late, demoSigner), await sealed(early, demoSigner));
    await eventually(() => {
      expect(answersTo(late.requestId)).toMatchObject([{ outcome: 'expired' }]);
      expect(answersTo(early.requestId)).toMatchObject([{ outcome: 'skewed' }]);
    });
    for (const [{ requestId }, code] of [
      [late, 'request.expired'],
      [early, 'request.skewed'],
    ] as const)
      expect(await audit('request')).toContainEqual(expect.objectContaining({ requestId, allowed: false, code }));
  });

  it('with a path in place of a name is refused, with an answer, whatever console sends it', async () => {
    const service = `${'../'.repeat(12)}etc/passwd`;
    const message = request({ agent: 'service', action: 'status', inputs: { service } });
    await send(await sealed(message, demoSigner));
    await eventually(() => expect(answersTo(message.requestId)).toMatchObject([{ outcome: 'invalid' }]));
    expect(await audit('request')).toContainEqual(
      expect.objectContaining({ requestId: message.requestId, allowed: false, code: 'request.invalid_input' }),
    );
  });

  it('that is sent again is answered as before and not carried out', async () => {
    const message = request({ action: 'ping' });
    const genuine = await sealed(message, demoSigner);
    for (const times of [1, 2, 3]) {
      await send(genuine);
      await eventually(() => expect(answersTo(message.requestId)).toHaveLength(times));
    }
    const [first, ...others] = answersTo(message.requestId);
    for (const other of others) expect(other).toMatchObject({ data: first?.data, timings: first?.timings });
    expect((await audit('request')).filter((line) => line['requestId'] === message.requestId)).toHaveLength(1);
    expect((await audit('repeated')).filter((line) => line['requestId'] === message.requestId)).toHaveLength(2);
  });

  it('for a change that is sent again after the node was started again is answered as before and not carried out', async () => {
    const file = join(folder, 'replayed');
    const message = request({ agent: 'filemgr', action: 'touch', inputs: { file } });
    const genuine = await sealed(message, demoSigner);
    await send(genuine);
    await eventually(() => expect(answersTo(message.requestId)).toMatchObject([{ outcome: 'ok' }]));
    await rm(file);
    await agent.kill();
    await startNode();
    const audited = async (kind: string) =>
      (await audit(kind)).filter(({ requestId }) => requestId === message.requestId);
    await send(genuine);
    await eventually(async () => expect(await audited('repeated')).toHaveLength(1));
    // Another, when the node was killed before it knew that its first answer had arrived: it sends that again by itself.
    await eventually(() => expect(answersTo(message.requestId).length).toBeGreaterThan(1));
    const [first, ...others] = answersTo(message.requestId);
    for (const { data, timings } of others)
      expect({ data, timings }).toEqual({ data: first?.data, timings: first?.timings });
    await expect(access(file)).rejects.toThrow('ENOENT');
    expect(await audited('request')).toHaveLength(1);
  });

  it('whose inputs would reach for the prototype of objects reaches nothing', async () => {
    const text = JSON.stringify({ ...request(), inputs: {} }).replace(
      '"inputs":{}',
      '"inputs":{"__proto__":{"polluted":true}}',
    );
    const message = JSON.parse(text) as { requestId: string };
    await send(await sealed(message, demoSigner));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    await eventually(() => expect(answersTo(message.requestId)).toMatchObject([{ outcome: 'ok' }]));
    expect(await audit('request')).toContainEqual(
      expect.objectContaining({ requestId: message.requestId, inputs: {} }),
    );
  });

  it('of the revoked that waited while the node was away is not answered when it is back', async () => {
    const message = request();
    const genuine = await sealed(message, stolen);
    await agent.kill();
    const before = (await audit('rejected')).length;
    await demo.sendBytes(genuine, { target: node });
    await startNode();
    await send();
    expect(answersTo(message.requestId)).toEqual([]);
    expect((await audit('rejected')).slice(before)).toMatchObject([{ code: 'certificate.revoked' }]);
  });
});

describe('an answer', () => {
  it('that another node signed is not believed as this one’s', async () => {
    const web2 = await signerBy(broker.authority, 'node', 'web2.example.com');
    const verifier = createVerifier({ caPem: broker.authority.certificatePem });
    const { parseReply } = await import('@muster/protocol/messages');
    const genuine = await demo.ask(node, { agent: 'rpcutil', action: 'ping' });
    const opened = unwrap(await open(await sealed(genuine, web2), { verifier, compressor, nowMs: Date.now() }));
    expect(parseReply(opened)).toMatchObject({ ok: false, error: { code: 'sender.mismatch' } });
  });
});

describe('an agent with the identity of the node', () => {
  it('gets nothing to do, ends and audits why, and the node goes on', async () => {
    const elsewhere = await createTestHome(broker.authority);
    try {
      const config = await elsewhere.addNode(node, { broker: broker.url });
      await expect(startAgentProcess(config)).rejects.toThrow('identity.duplicate');
      const [line] = await readAudit(join(dirname(config), 'state', 'audit.log'), 'rejected');
      expect(line).toMatchObject({ code: 'identity.duplicate' });
      await send();
    } finally {
      await elsewhere.remove();
    }
  });
});
