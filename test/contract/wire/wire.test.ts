import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { limits, open, seal, type Signer } from '@muster/protocol/envelope';
import { errorCatalogue, unwrap } from '@muster/protocol/errors';
import type { Role } from '@muster/protocol/identity';
import { parseRegistration, parseReply, parseRequest } from '@muster/protocol/messages';
import { compressor, createSigner, createVerifier } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate, type Authority } from '@muster/runtime/pki';
import { goldenFile, goldenMessages, goldenNowMs, type GoldenWire } from './golden-messages.ts';

const nowMs = goldenNowMs;
const [{ message: request }, { message: reply }] = goldenMessages;

let authority: Authority;
let alice: Signer;
let node: Signer;

const signerOf = async (role: Role, name: string, issuer = authority) =>
  unwrap(await createSigner(await issueCertificate(issuer, { role, name, validDays: 30 })));

const openAt = (bytes: Uint8Array, atMs = nowMs) =>
  open(bytes, { verifier: createVerifier({ caPem: authority.certificatePem }), compressor, nowMs: atMs });

const sealed = async (message: unknown, signer: Signer) => unwrap(await seal(message, { signer, compressor }));

beforeAll(async () => {
  authority = await createAuthority({ name: 'Wire test', clock: () => nowMs });
  alice = await signerOf('person', 'alice');
  node = await signerOf('node', 'web01.example.com');
});

describe('the golden vectors', () => {
  it('open as what went in', async () => {
    // The file is our own, written by make-golden.ts.
    const golden = JSON.parse(await readFile(goldenFile, 'utf8')) as GoldenWire;
    expect(golden.frames.map(({ name }) => name)).toEqual(goldenMessages.map(({ name }) => name));
    const verifier = createVerifier({ caPem: golden.caPem });
    for (const [index, { hex }] of golden.frames.entries()) {
      const opened = unwrap(await open(Buffer.from(hex, 'hex'), { verifier, compressor, nowMs }));
      const expected = goldenMessages[index];
      expect(opened.body).toEqual(expected?.message);
      expect(opened.principal).toMatchObject({ role: expected?.role, name: expected?.holder });
      expect(
        [parseRequest, parseReply, parseRegistration].map((parse) => parse(opened).ok).filter(Boolean),
      ).toHaveLength(1);
    }
  });
});

describe('a sealed message', () => {
  it('never verifies with one byte changed, and fails by a catalogued name', async () => {
    const bytes = await sealed(request, alice);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        const opened = await openAt(changed);
        expect(opened.ok).toBe(false);
        if (!opened.ok) expect(Object.keys(errorCatalogue)).toContain(opened.error.code);
      }),
      { numRuns: 400 },
    );
  });

  it('is never more than a catalogued fault when it is cut off', async () => {
    const bytes = await sealed(reply, node);
    for (let length = 0; length < bytes.length; length++) {
      expect(await openAt(bytes.subarray(0, length))).toMatchObject({ ok: false, error: { code: 'frame.truncated' } });
    }
  });

  it('is compressed when that makes it smaller', async () => {
    const large = { ...reply, data: { text: 'muster '.repeat(10_000) } };
    const bytes = await sealed(large, node);
    expect(bytes.length).toBeLessThan(4000);
    expect(unwrap(await openAt(bytes)).body).toEqual(large);
  });

  it('is refused when its body is too large, packed or not', async () => {
    const tooLarge = { text: 'x'.repeat(limits.bodyBytes) };
    expect(await seal(tooLarge, { signer: node, compressor })).toMatchObject({
      ok: false,
      error: { code: 'frame.oversized' },
    });
  });

  it('is refused when it unpacks to more than the limit', async () => {
    const bomb = { ...compressor, deflate: () => compressor.deflate(new Uint8Array(50_000_000)) };
    const bytes = unwrap(await seal({ text: 'x'.repeat(900_000) }, { signer: node, compressor: bomb }));
    expect(await openAt(bytes)).toMatchObject({ ok: false, error: { code: 'frame.oversized' } });
  });

  it('is refused when another authority issued the certificate', async () => {
    const foreign = await signerOf('person', 'alice', await createAuthority({ name: 'Wire test', clock: () => nowMs }));
    expect(await openAt(await sealed(request, foreign))).toMatchObject({
      ok: false,
      error: { code: 'certificate.untrusted' },
    });
  });

  it('is refused when its certificate is not valid yet, or no longer', async () => {
    const bytes = await sealed(request, alice);
    for (const days of [-400, 31]) {
      expect(await openAt(bytes, nowMs + days * 86_400_000)).toMatchObject({
        ok: false,
        error: { code: 'certificate.expired' },
      });
    }
  });
});

describe('what a message says of itself', () => {
  const read = async (message: unknown, signer: Signer) => unwrap(await openAt(await sealed(message, signer)));

  it('must be signed by the role that may say it', async () => {
    expect(parseRequest(await read(request, node))).toMatchObject({ ok: false, error: { code: 'certificate.role' } });
    expect(parseReply(await read(reply, alice))).toMatchObject({ ok: false, error: { code: 'certificate.role' } });
  });

  it('must name the holder of the certificate', async () => {
    expect(parseReply(await read({ ...reply, sender: 'db01.example.com' }, node))).toMatchObject({
      ok: false,
      error: { code: 'sender.mismatch' },
    });
    expect(parseRequest(await read({ ...request, caller: 'cert=bob' }, alice))).toMatchObject({
      ok: false,
      error: { code: 'sender.mismatch' },
    });
  });

  it('must fit its schema, without anything besides', async () => {
    for (const message of [
      {},
      [],
      null,
      'text',
      { ...request, extra: 1 },
      { ...request, ttlMs: -1 },
      { ...request, agent: '../x' },
    ]) {
      expect(parseRequest(await read(message, alice))).toMatchObject({
        ok: false,
        error: { code: 'message.malformed' },
      });
    }
  });
});
