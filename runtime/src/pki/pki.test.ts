import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, issueCertificate, loadAuthority, type Authority } from './index.ts';

const clock = () => Date.now();
let folder = '';
let authority: Authority;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-pki-'));
  authority = await createAuthority({ name: 'Test authority', clock });
  writeFileSync(join(folder, 'ca.pem'), authority.certificatePem);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What OpenSSL says of a certificate, as an implementation that is not ours. */
function opensslVerify(certificatePem: string, ...more: string[]): string {
  const file = join(folder, 'leaf.pem');
  writeFileSync(file, certificatePem);
  return execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', join(folder, 'ca.pem'), ...more, file], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

describe('certificates', () => {
  test.each([
    { role: 'node', purpose: 'sslclient' },
    { role: 'person', purpose: 'sslclient' },
    { role: 'broker', purpose: 'sslserver' },
    { role: 'broker', usage: 'client', purpose: 'sslclient' },
  ] as const)('of a $role pass OpenSSL for $purpose and for nothing else', async ({ purpose, ...request }) => {
    const name = 'web01.example.com';
    const { certificatePem } = await issueCertificate(authority, { ...request, name, validDays: 30 });
    const other = purpose === 'sslclient' ? 'sslserver' : 'sslclient';

    expect(opensslVerify(certificatePem, '-purpose', purpose)).toMatch(/: OK\n$/);
    expect(() => opensslVerify(certificatePem, '-purpose', other)).toThrow(/purpose/);
  });

  test('carry role and name in their subject, and the key fits', async () => {
    const issued = await issueCertificate(authority, { role: 'person', name: 'demo', validDays: 30 });
    const certificate = new X509Certificate(issued.certificatePem);
    expect(certificate.subject).toBe('O=Muster\nOU=person\nCN=demo');
    expect(certificate.ca).toBe(false);
    expect(certificate.publicKey.asymmetricKeyType).toBe('ed25519');
    expect(certificate.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true);
    const key = execFileSync('openssl', ['pkey', '-pubout'], { input: issued.keyPem, encoding: 'utf8' });
    expect(key).toBe(certificate.publicKey.export({ type: 'spki', format: 'pem' }));
  });

  test('of a broker are good for its hosts, names and addresses alike', async () => {
    const hosts = ['broker.example.com', '127.0.0.1', '::1'];
    const { certificatePem } = await issueCertificate(authority, {
      role: 'broker',
      name: 'broker',
      validDays: 30,
      hosts,
    });
    const certificate = new X509Certificate(certificatePem);
    expect(certificate.checkHost('broker.example.com')).toBe('broker.example.com');
    expect(certificate.checkHost('other.example.com')).toBeUndefined();
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
  });

  test('have serial numbers of their own and the asked validity', async () => {
    const request = { role: 'node', name: 'web01', validDays: 30 } as const;
    const issued = await Promise.all(Array.from({ length: 20 }, () => issueCertificate(authority, request)));
    const certificates = issued.map(({ certificatePem }) => new X509Certificate(certificatePem));
    expect(new Set(certificates.map((certificate) => certificate.serialNumber)).size).toBe(20);
    for (const certificate of certificates) {
      expect(certificate.validFromDate.getTime()).toBeLessThan(clock());
      expect(certificate.validToDate.getTime() - clock()).toBeGreaterThan(29.9 * 24 * 3600 * 1000);
      expect(certificate.validToDate.getTime() - clock()).toBeLessThanOrEqual(30 * 24 * 3600 * 1000);
    }
  });
});

describe('authorities', () => {
  test('issue the same way after they were loaded from their files', async () => {
    const { certificatePem, keyPem } = authority;
    const loaded = await loadAuthority({ certificatePem, keyPem, clock });
    const issued = await issueCertificate(loaded, { role: 'node', name: 'web01', validDays: 1 });
    expect(opensslVerify(issued.certificatePem)).toMatch(/: OK\n$/);
  });

  test('do not vouch for what another one of the same name issued', async () => {
    const other = await createAuthority({ name: 'Test authority', clock });
    const { certificatePem } = await issueCertificate(other, { role: 'node', name: 'web01', validDays: 1 });
    expect(() => opensslVerify(certificatePem)).toThrow();
  });

  test('are not loaded from what is no key', async () => {
    const { certificatePem } = authority;
    await expect(loadAuthority({ certificatePem, keyPem: certificatePem, clock })).rejects.toThrow();
  });
});
