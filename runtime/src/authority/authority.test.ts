import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { appendFile, chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSigningRequest, readSigningRequest } from '../pki/index.ts';
import { makeAuthority, openAuthority, type AuthorityFolder } from './index.ts';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'muster-authority-')), 'ca');
  unwrap(await makeAuthority(folder, { name: 'Test', clock: Date.now }));
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

async function within<T>(work: (authority: AuthorityFolder) => Promise<T>): Promise<T> {
  const authority = unwrap(await openAuthority(folder, Date.now));
  try {
    return await work(authority);
  } finally {
    await authority.close();
  }
}

async function issue(name: string): Promise<X509Certificate> {
  const { requestPem } = await createSigningRequest({ role: 'person', name });
  const { publicKey } = unwrap(await readSigningRequest(requestPem));
  const pem = await within((authority) => authority.issue({ role: 'person', name, publicKey, validDays: 30 }));
  return new X509Certificate(unwrap(pem));
}

/** What OpenSSL says of a certificate and the list, as an implementation that is not ours. */
async function opensslVerify(certificate: X509Certificate): Promise<string> {
  const leaf = join(folder, 'leaf.pem');
  await writeFile(leaf, certificate.toString());
  const args = ['verify', '-x509_strict', '-crl_check', '-CAfile', 'ca.pem', '-CRLfile', 'crl.pem', leaf];
  return execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

describe('an authority in a folder', () => {
  it('keeps its key to its owner, and is made once', async () => {
    expect((await stat(join(folder, 'ca.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const before = await readFile(join(folder, 'ca.key'), 'utf8');
    expect(await makeAuthority(folder, { name: 'Again', clock: Date.now })).toMatchObject({
      error: { code: 'authority.exists' },
    });
    expect(await readFile(join(folder, 'ca.key'), 'utf8')).toBe(before);
  });

  it('certifies requests, and knows what it issued', async () => {
    const alice = await issue('alice');
    expect(await opensslVerify(alice)).toMatch(/: OK\n$/);
    expect(alice.subject).toBe('O=Muster\nOU=person\nCN=alice');
    await within((authority) => {
      expect(authority.issued).toMatchObject([
        { role: 'person', name: 'alice', serial: alice.serialNumber.replace(/^0+/, '').toLowerCase(), revoked: null },
      ]);
      return Promise.resolve();
    });
  });

  it('takes certificates back by serial number and by name, which OpenSSL hears of', async () => {
    const [first, second, other] = [await issue('alice'), await issue('alice'), await issue('bob')];
    await within(async (authority) => {
      expect(unwrap(await authority.revoke(first.serialNumber, 'superseded'))).toHaveLength(1);
    });
    await expect(opensslVerify(first)).rejects.toThrow(/revoked/);
    expect(await opensslVerify(second)).toMatch(/: OK\n$/);
    await within(async (authority) => {
      expect(unwrap(await authority.revoke('alice', 'key-compromise'))).toMatchObject([{ name: 'alice' }]);
      expect(unwrap(await authority.revoke('alice', 'key-compromise'))).toEqual([]);
      expect(await authority.revoke('carol', 'unspecified')).toMatchObject({
        error: { code: 'authority.unknown_certificate' },
      });
    });
    await expect(opensslVerify(second)).rejects.toThrow(/revoked/);
    expect(await opensslVerify(other)).toMatch(/: OK\n$/);
    await within((authority) => {
      expect(authority.issued.map(({ revoked }) => revoked?.reason)).toEqual([
        'superseded',
        'key-compromise',
        undefined,
      ]);
      return Promise.resolve();
    });
  });

  it('numbers its lists', async () => {
    const numbers = await within(async (authority) => [
      unwrap(await authority.writeList(7)).number,
      unwrap(await authority.writeList(7)).number,
    ]);
    expect(numbers).toEqual([2, 3]);
    const text = execFileSync('openssl', ['crl', '-noout', '-text', '-in', 'crl.pem'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(text).toMatch(/X509v3 CRL Number: *\n *3\n/);
    expect(text).toMatch(/X509v3 Authority Key Identifier/);
  });

  it('is for one process at a time', async () => {
    await within(async () => {
      expect(await openAuthority(folder, Date.now)).toMatchObject({ error: { code: 'home.in_use' } });
    });
  });

  it('refuses a key that others may read, a damaged register, and a folder without an authority', async () => {
    await appendFile(join(folder, 'register.jsonl'), '{"kind":"issued"}\n');
    expect(await openAuthority(folder, Date.now)).toMatchObject({
      error: { code: 'authority.damaged', message: expect.stringContaining('register.jsonl:2') as string },
    });
    await chmod(join(folder, 'ca.key'), 0o640);
    expect(await openAuthority(folder, Date.now)).toMatchObject({ error: { code: 'config.invalid' } });
    expect(await openAuthority(join(folder, 'none'), Date.now)).toMatchObject({ error: { code: 'authority.missing' } });
  });
});

describe('a request for a certificate', () => {
  const made = (...key: readonly string[]): string => {
    const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' } as const;
    execFileSync('openssl', ['genpkey', ...key, '-out', 'any.key'], options);
    const subject = '/O=Muster/OU=node/CN=web1.example.com';
    return execFileSync('openssl', ['req', '-new', '-key', 'any.key', '-subj', subject], options);
  };

  it.each([
    ['Ed25519', ['-algorithm', 'ed25519']],
    ['ECDSA', ['-algorithm', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ['RSA of 2048 bits', ['-algorithm', 'rsa', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ])('of OpenSSL with %s is read', async (_name, key) => {
    expect(unwrap(await readSigningRequest(made(...key)))).toMatchObject({ role: 'node', name: 'web1.example.com' });
  });

  it.each([
    ['a short RSA key', () => made('-algorithm', 'rsa', '-pkeyopt', 'rsa_keygen_bits:1024'), /1024 bits/],
    ['a key that signs nothing', () => made('-algorithm', 'rsa-pss'), /cannot be signed/],
    ['no request', () => 'nothing', /cannot be used/],
  ])('with %s is refused', async (_name, make, message) => {
    expect(await readSigningRequest(make())).toMatchObject({
      error: { code: 'certificate.request', message: expect.stringMatching(message) as string },
    });
  });

  it('whose key its sender does not hold is refused', async () => {
    const bytes = Buffer.from(made('-algorithm', 'ed25519').replace(/-----[^-]*-----/g, ''), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(await readSigningRequest(pem)).toMatchObject({ error: { code: 'certificate.request' } });
  });
});
