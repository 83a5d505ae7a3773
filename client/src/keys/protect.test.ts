import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ok, unwrap } from '@muster/protocol/errors';
import { isProtected, knownPassphrase, openProtected, protectKey, type AskPassphrase } from '@muster/runtime/keys';
import { certify, createAuthority, issueCertificate, readSigningRequest, type Authority } from '@muster/runtime/pki';
import { readConfiguration } from '../configuration/index.ts';
import { openEngine } from '../engine/index.ts';
import { importCertificate, isOwnKeyProtected, protectOwnKey, rotateKey, unprotectOwnKey } from './index.ts';

const passphrase = 'correct horse battery';
const nobody: AskPassphrase = () => Promise.resolve(ok(null));
let home: string;
let authority: Authority;

const at = (name: string): string => join(home, name);
const text = (name: string): Promise<string> => readFile(at(name), 'utf8');
const configure = (more = '') =>
  writeFile(
    at('console.yaml'),
    `person: alice
broker: { urls: ['amqps://127.0.0.1:1'], username: person.alice, password_file: alice.password }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }
${more}`,
  );

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster protect '));
  authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const issued = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 30 });
  const secret = { mode: 0o600 };
  await writeFile(at('ca.pem'), authority.certificatePem);
  await writeFile(at('alice.pem'), issued.certificatePem);
  await writeFile(at('alice.key'), issued.keyPem, secret);
  await writeFile(at('alice.password'), 'secret', secret);
  await configure();
});
afterEach(() => rm(home, { recursive: true }));

/** As `protectOwnKey` leaves it, at the cost of nothing. */
const protectCheaply = async (): Promise<void> =>
  writeFile(at('alice.key'), await protectKey(await text('alice.key'), passphrase, { workFactor: 1 }), { mode: 0o600 });

it('protects the key, and keeps it in the open again', async () => {
  const before = await text('alice.key');
  expect(unwrap(await isOwnKeyProtected(home))).toBe(false);
  expect(unwrap(await protectOwnKey(home, passphrase, nobody))).toEqual([at('alice.key')]);
  expect(unwrap(await isOwnKeyProtected(home))).toBe(true);
  expect(await text('alice.key')).not.toContain('PRIVATE');
  expect((await stat(at('alice.key'))).mode & 0o777).toBe(0o600);
  expect(await unprotectOwnKey(home, knownPassphrase('wrong'))).toMatchObject({
    error: { code: 'key.wrong_passphrase' },
  });
  unwrap(await unprotectOwnKey(home, knownPassphrase(passphrase)));
  expect(await text('alice.key')).toBe(before);
});

it('changes the passphrase for who knows the present one', async () => {
  await protectCheaply();
  const protectedBefore = await text('alice.key');
  expect(await protectOwnKey(home, 'another horse', nobody)).toMatchObject({ error: { code: 'key.locked' } });
  expect(await text('alice.key')).toBe(protectedBefore);
  unwrap(await protectOwnKey(home, 'another horse', knownPassphrase(passphrase)));
  expect((await openProtected(await text('alice.key'), 'another horse')).ok).toBe(true);
});

it('takes no passphrase that protects nothing', async () => {
  expect(await protectOwnKey(home, 'seven77', nobody)).toMatchObject({ error: { code: 'usage.invalid' } });
  expect(unwrap(await isOwnKeyProtected(home))).toBe(false);
});

it('opens a console with the passphrase alone, from a person or a file', async () => {
  await protectCheaply();
  expect(await openEngine({ home })).toMatchObject({ error: { code: 'key.locked' } });
  expect(await openEngine({ home, passphrase: knownPassphrase('wrong') })).toMatchObject({
    error: { code: 'key.wrong_passphrase' },
  });
  const asked = unwrap(await openEngine({ home, askPassphrase: knownPassphrase(passphrase) }));
  await asked.close();
  await writeFile(at('alice.passphrase'), `${passphrase}\n`, { mode: 0o600 });
  await configure('guard: { passphrase_file: alice.passphrase }');
  const { credentials } = unwrap(await readConfiguration(home));
  expect(credentials.broker.key).toContain('PRIVATE KEY');
  // Who types another one is not let in by the file.
  expect(await readConfiguration(home, { passphrase: knownPassphrase('wrong') })).toMatchObject({
    error: { code: 'key.wrong_passphrase' },
  });
});

it('looks at the history without any passphrase', async () => {
  await protectCheaply();
  const engine = unwrap(await openEngine({ home, offline: true, followFleet: false }));
  expect(unwrap(await engine.runs.list({ search: '', offset: 0, limit: 1 })).total).toBe(0);
  await engine.close();
});

it('protects the key that takes its place, with the same passphrase', async () => {
  await protectCheaply();
  expect(await rotateKey(home, { replace: false })).toMatchObject({ error: { code: 'key.locked' } });
  const ask = knownPassphrase(passphrase);
  unwrap(await rotateKey(home, { replace: false, ask }));
  expect(isProtected(await text('alice.key.next'))).toBe(true);
  const { publicKey } = unwrap(await readSigningRequest(await text('alice.key.csr')));
  const pem = await certify(authority, publicKey, { role: 'person', name: 'alice', validDays: 30 });
  expect(await importCertificate(home, pem, { nowMs: Date.now() })).toMatchObject({ error: { code: 'key.locked' } });
  expect(unwrap(await importCertificate(home, pem, { nowMs: Date.now(), ask })).isNewKey).toBe(true);
  const opened = unwrap(await openProtected(await text('alice.key'), passphrase));
  expect(new X509Certificate(await text('alice.pem')).checkPrivateKey(createPrivateKey(opened))).toBe(true);
});
