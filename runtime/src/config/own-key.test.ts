import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { open, seal } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { compressor, createSigner, createVerifier } from '../crypto/index.ts';
import { knownPassphrase, protectKey } from '../keys/index.ts';
import { createAuthority, issueCertificate, type Authority, type IssuedCertificate } from '../pki/index.ts';
import { agentKeyWord, openOwnKey, withoutKey } from './own-key.ts';

let folder: string;
let authority: Authority;
let own: IssuedCertificate;
let transport: IssuedCertificate;
const at = (name: string): string => join(folder, name);
const files = () => ({ certificate: at('a.pem'), key: at('a.key') });
const transportFiles = () => ({ certificate: at('t.pem'), key: at('t.key') });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster own key '));
  authority = await createAuthority({ name: 'Test', clock: Date.now });
  const alice = { role: 'person', name: 'alice', validDays: 1 } as const;
  own = await issueCertificate(authority, alice);
  transport = await issueCertificate(authority, { ...alice, isTransportOnly: true });
  for (const [name, { certificatePem, keyPem }] of Object.entries({ a: own, t: transport })) {
    await writeFile(at(`${name}.pem`), certificatePem);
    await writeFile(at(`${name}.key`), keyPem, { mode: 0o600 });
  }
});
afterEach(() => rm(folder, { recursive: true }));

it('signs and connects with one key, or connects with another', async () => {
  const one = unwrap(await openOwnKey(files(), {}));
  expect(one.transport).toEqual({ certificate: own.certificatePem, key: own.keyPem });
  const two = unwrap(await openOwnKey({ ...files(), transport: transportFiles() }, {}));
  expect(two.transport).toEqual({ certificate: transport.certificatePem, key: transport.keyPem });
  expect(two.signer.certificate).toEqual(one.signer.certificate);
});

it('believes nothing that a certificate for connections alone signs', async () => {
  const verifier = createVerifier({ caPem: authority.certificatePem });
  const opened = async (issued: IssuedCertificate) => {
    const signer = unwrap(await createSigner(issued));
    const message = unwrap(await seal({ go: 'on' }, { signer, compressor }));
    return open(message, { verifier, compressor, nowMs: Date.now() });
  };
  expect(await opened(own)).toMatchObject({ ok: true });
  expect(await opened(transport)).toMatchObject({ ok: false, error: { code: 'certificate.role' } });
});

it('opens a protected key for connections as well', async () => {
  await writeFile(at('t.key'), await protectKey(transport.keyPem, 'correct horse', { workFactor: 1 }), { mode: 0o600 });
  const both = { ...files(), transport: transportFiles() };
  expect(await openOwnKey(both, {})).toMatchObject({ error: { code: 'key.locked' } });
  const askPassphrase = knownPassphrase('correct horse');
  expect(unwrap(await openOwnKey(both, { askPassphrase })).transport.key).toBe(transport.keyPem);
});

it('says what is missing when an agent is to sign', async () => {
  const withAgent = { certificate: at('a.pem'), key: agentKeyWord };
  expect(await openOwnKey(withAgent, {})).toMatchObject({ error: { code: 'key.agent' } });
  expect(await openOwnKey(withAgent, { sshAgent: at('nowhere') })).toMatchObject({
    error: { code: 'config.invalid', message: 'With a key in an SSH agent, the connection needs a key of its own' },
  });
  expect(await openOwnKey({ ...withAgent, transport: transportFiles() }, { sshAgent: at('nowhere') })).toMatchObject({
    error: { code: 'key.agent' },
  });
});

it('refuses a certificate for connections that is not of its key', async () => {
  const mixed = { ...files(), transport: { certificate: at('t.pem'), key: at('a.key') } };
  expect(await openOwnKey(mixed, {})).toMatchObject({ error: { code: 'certificate.untrusted' } });
});

it('signs nothing without the key', async () => {
  const { signer, transport: none } = unwrap(await withoutKey(at('a.pem')));
  expect(none.key).toBe('');
  await expect(signer.sign(Buffer.from('x'))).rejects.toThrow('without the private key');
});
