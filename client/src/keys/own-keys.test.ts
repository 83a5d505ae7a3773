import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { certify, createAuthority, issueCertificate, readSigningRequest, type Authority } from '@muster/runtime/pki';
import { readConfiguration } from '../configuration/index.ts';
import { importCertificate, readOwnCertificates, rotateKey } from './index.ts';

let home: string;
let authority: Authority;

const at = (name: string): string => join(home, name);
const text = (name: string): Promise<string> => readFile(at(name), 'utf8');

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster keys '));
  authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const issued = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 30 });
  const secret = { mode: 0o600 };
  await writeFile(at('ca.pem'), authority.certificatePem);
  await writeFile(at('alice.pem'), issued.certificatePem);
  await writeFile(at('alice.key'), issued.keyPem, secret);
  await writeFile(at('alice.password'), 'secret', secret);
  await writeFile(
    at('console.yaml'),
    `person: alice
collectives: [muster]
broker: { urls: ['amqps://127.0.0.1:1'], username: person.alice, password_file: alice.password }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }
`,
  );
});
afterEach(() => rm(home, { recursive: true }));

/** The certificate that an authority gives for the request in a file. */
async function certified(request: string, by = authority, validDays = 30): Promise<string> {
  const { publicKey } = unwrap(await readSigningRequest(await text(request)));
  return certify(by, publicKey, { role: 'person', name: 'alice', validDays });
}

const isWhole = async (): Promise<boolean> => {
  const certificate = new X509Certificate(await text('alice.pem'));
  return certificate.checkPrivateKey(createPrivateKey(await text('alice.key')));
};

it('are read as certificates alone: the own one, then those that are believed', async () => {
  await rm(at('alice.key'));
  const other = await createAuthority({ name: 'Another', clock: Date.now });
  await writeFile(at('ca.pem'), `${authority.certificatePem}${other.certificatePem}`);
  const read = unwrap(await readOwnCertificates(home));
  expect(read.map(({ use, role, name }) => [use, role, name])).toEqual([
    ['own', 'person', 'alice'],
    ['authority', 'authority', 'Test authority'],
    ['authority', 'authority', 'Another'],
  ]);
  const [own] = read;
  expect((own?.notAfterMs ?? 0) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  await writeFile(at('alice.pem'), 'nothing');
  expect(await readOwnCertificates(home)).toMatchObject({ error: { code: 'certificate.untrusted' } });
});

describe('another key', () => {
  it('takes the place of the one that is used once its certificate is there', async () => {
    const before = await text('alice.key');
    const { request } = unwrap(await rotateKey(home, { replace: false }));
    expect(request).toBe(at('alice.key.csr'));
    expect(await text('alice.key')).toBe(before);
    expect((await stat(at('alice.key.next'))).mode & 0o777).toBe(0o600);
    const imported = unwrap(await importCertificate(home, await certified('alice.key.csr'), { nowMs: Date.now() }));
    expect(imported).toMatchObject({ isNewKey: true, certificate: at('alice.pem'), key: at('alice.key') });
    expect(await text('alice.key')).not.toBe(before);
    expect(await isWhole()).toBe(true);
    expect((await stat(at('alice.key'))).mode & 0o777).toBe(0o600);
    unwrap(await readConfiguration(home));
    expect((await readdir(home)).filter((name) => name.endsWith('.next'))).toEqual([]);
  });

  it('is not made over one that waits, unless that is wanted', async () => {
    unwrap(await rotateKey(home, { replace: false }));
    const waiting = await text('alice.key.next');
    expect(await rotateKey(home, { replace: false })).toMatchObject({ error: { code: 'file.unwritable' } });
    expect(await text('alice.key.next')).toBe(waiting);
    unwrap(await rotateKey(home, { replace: true }));
    expect(await text('alice.key.next')).not.toBe(waiting);
  });

  it('can be brought in again where a process was cut off between key and certificate', async () => {
    unwrap(await rotateKey(home, { replace: false }));
    const pem = await certified('alice.key.csr');
    const old = await text('alice.pem');
    unwrap(await importCertificate(home, pem, { nowMs: Date.now() }));
    await writeFile(at('alice.pem'), old);
    expect(await isWhole()).toBe(false);
    expect(unwrap(await importCertificate(home, pem, { nowMs: Date.now() }))).toMatchObject({ isNewKey: false });
    expect(await isWhole()).toBe(true);
  });
});

describe('a certificate', () => {
  it('is renewed for the same key', async () => {
    unwrap(await rotateKey(home, { replace: false }));
    unwrap(await importCertificate(home, await certified('alice.key.csr'), { nowMs: Date.now() }));
    const renewed = await certified('alice.key.csr', authority, 300);
    expect(unwrap(await importCertificate(home, renewed, { nowMs: Date.now() })).isNewKey).toBe(false);
    expect(new X509Certificate(await text('alice.pem')).validToDate.getTime()).toBeGreaterThan(
      Date.now() + 290 * 24 * 3_600_000,
    );
  });

  it('of somebody else, of a stranger, for no key, expired, or none at all changes nothing', async () => {
    unwrap(await rotateKey(home, { replace: false }));
    const before = await Promise.all(['alice.pem', 'alice.key', 'alice.key.next'].map(text));
    const issue = async (role: 'person' | 'node', name: string) =>
      (await issueCertificate(authority, { role, name, validDays: 1 })).certificatePem;
    const stranger = await createAuthority({ name: 'Test authority', clock: Date.now });
    const attempts = [
      [await issue('person', 'bob'), 'sender.mismatch'],
      [await issue('node', 'alice'), 'sender.mismatch'],
      [await issue('person', 'alice'), 'certificate.untrusted'],
      [await certified('alice.key.csr', stranger), 'certificate.untrusted'],
      ['nothing', 'certificate.untrusted'],
    ] as const;
    for (const [pem, code] of attempts) {
      expect(await importCertificate(home, pem, { nowMs: Date.now() })).toMatchObject({ ok: false, error: { code } });
    }
    const late = Date.now() + 31 * 24 * 3_600_000;
    expect(await importCertificate(home, await certified('alice.key.csr'), { nowMs: late })).toMatchObject({
      error: { code: 'certificate.expired' },
    });
    expect(await Promise.all(['alice.pem', 'alice.key', 'alice.key.next'].map(text))).toEqual(before);
  });
});
