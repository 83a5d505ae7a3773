import { createHash, sign, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap, type Fault } from '@muster/protocol/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVerifier, readCertificates } from '../crypto/index.ts';
import { createAuthority, createRevocationList, issueCertificate, type Authority } from '../pki/index.ts';
import { openRevocations, type Revocations } from './index.ts';

const dayMs = 24 * 3_600_000;
let folder: string;
let file: string;
let authority: Authority;
let nowMs: number;
let faults: Fault[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-revocations-'));
  file = join(folder, 'crl.pem');
  authority = await createAuthority({ name: 'Test', clock: Date.now });
  nowMs = Date.now();
  faults = [];
});
afterEach(() => rm(folder, { recursive: true }));

const holder = async (name: string, by = authority) => {
  const issued = await issueCertificate(by, { role: 'person', name, validDays: 1 });
  return { ...issued, certificate: new X509Certificate(issued.certificatePem) };
};
type Holder = Awaited<ReturnType<typeof holder>>;

let number = 0;
const listOf = (holders: readonly Holder[], by = authority): Promise<string> =>
  createRevocationList(by, {
    number: ++number,
    validDays: 7,
    revoked: holders.map(({ certificate }) => ({
      serial: certificate.serialNumber,
      atMs: nowMs,
      reason: 'key-compromise',
    })),
  });

async function opened(...authorities: readonly Authority[]): Promise<Revocations> {
  const pem = [authority, ...authorities].map(({ certificatePem }) => certificatePem).join('');
  const certificates = unwrap(readCertificates(pem));
  const revocations = unwrap(await openRevocations({ file, authorities: certificates, clock: () => nowMs }));
  revocations.onFault((fault) => faults.push(fault));
  return revocations;
}

async function verdictOn({ certificate, keyPem }: Holder, revocations: Revocations, by = authority) {
  const verifier = createVerifier({ caPem: [authority.certificatePem, by.certificatePem], revocations });
  const bytes = createHash('sha256').update('anything').digest();
  const verified = await verifier.verify(certificate.raw, bytes, sign(null, bytes, keyPem), nowMs);
  return verified.ok ? 'ok' : verified.error.code;
}

/** Waits until the file would be looked at again. */
const lookAgain = () => new Promise((resolve) => setTimeout(resolve, 1050));

describe('a list of revoked certificates', () => {
  it('is obeyed by who verifies, also when it changes', async () => {
    const [alice, bob] = [await holder('alice'), await holder('bob')];
    await writeFile(file, await listOf([alice]));
    const revocations = await opened();
    expect(await verdictOn(alice, revocations)).toBe('certificate.revoked');
    expect(await verdictOn(bob, revocations)).toBe('ok');
    await writeFile(file, await listOf([alice, bob]));
    await lookAgain();
    expect(await verdictOn(bob, revocations)).toBe('certificate.revoked');
  });

  it('may be one of several, each for the certificates of its own authority', async () => {
    const other = await createAuthority({ name: 'Other', clock: Date.now });
    const [alice, bob] = [await holder('alice'), await holder('bob', other)];
    await writeFile(file, (await listOf([alice])) + (await listOf([bob], other)));
    const revocations = await opened(other);
    expect(await verdictOn(alice, revocations)).toBe('certificate.revoked');
    expect(await verdictOn(bob, revocations, other)).toBe('certificate.revoked');
    await writeFile(file, await listOf([bob]));
    await lookAgain();
    expect(await verdictOn(bob, revocations, other)).toBe('ok');
  });

  it.each([
    ['is no list', () => Promise.resolve('nothing'), /there is none in PEM/],
    ['is cut off', async () => (await listOf([])).replace(/\n.{64}\n/, '\n'), /cannot be used/],
    [
      'was signed by a stranger of the same name',
      async () => listOf([], await createAuthority({ name: 'Test', clock: Date.now })),
      /no trusted authority signed it/,
    ],
  ])('that %s is refused, and what stood before stands', async (_what, make, message) => {
    const alice = await holder('alice');
    await writeFile(file, await listOf([alice]));
    const revocations = await opened();
    await writeFile(file, await make());
    await lookAgain();
    expect(await verdictOn(alice, revocations)).toBe('certificate.revoked');
    await lookAgain();
    await verdictOn(alice, revocations);
    expect(faults).toMatchObject([
      { code: 'revocations.unreadable', message: expect.stringMatching(message) as string },
    ]);
    expect(await openRevocations({ file, authorities: [], clock: () => nowMs })).toMatchObject({
      ok: false,
      error: { code: 'revocations.unreadable' },
    });
  });

  it('that vanishes stands, and is missed', async () => {
    const alice = await holder('alice');
    await writeFile(file, await listOf([alice]));
    const revocations = await opened();
    await rm(file);
    await lookAgain();
    expect(await verdictOn(alice, revocations)).toBe('certificate.revoked');
    expect(faults).toMatchObject([{ code: 'revocations.unreadable' }]);
  });

  it('that is out of date is used, and told of once', async () => {
    await writeFile(file, await listOf([]));
    const revocations = await opened();
    nowMs += 8 * dayMs;
    await lookAgain();
    await revocations.refresh();
    await lookAgain();
    await revocations.refresh();
    expect(faults).toMatchObject([{ code: 'revocations.stale' }]);
  });
});
