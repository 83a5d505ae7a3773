import { expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createAuthority, issueCertificate, type Authority } from '../pki/index.ts';
import { randomBytes } from './random.ts';
import { createSigner } from './signer.ts';
import { createVault, vaultSecret } from './vault.ts';

const issue = (authority: Authority) => issueCertificate(authority, { role: 'person', name: 'alice', validDays: 1 });
const key = randomBytes(64);

it('has a secret that only the signer gives, and always gives alike', async () => {
  const authority = await createAuthority({ name: 'Test', clock: Date.now });
  const [one, other] = [await issue(authority), await issue(authority)];
  const secret = await vaultSecret(unwrap(await createSigner(one)));
  expect(Buffer.from(await vaultSecret(unwrap(await createSigner(one))))).toEqual(Buffer.from(secret));
  expect(Buffer.from(await vaultSecret(unwrap(await createSigner(other))))).not.toEqual(Buffer.from(secret));
});

it('opens what it sealed, also another time with the same key', () => {
  const sealed = createVault(key, randomBytes).seal('hünter2', 'run 1');
  expect(sealed).not.toContain('hünter2');
  expect(createVault(key, randomBytes).open(sealed, 'run 1')).toBe('hünter2');
});

it('never seals the same text alike', () => {
  const vault = createVault(key, randomBytes);
  expect(vault.seal('a', 'b')).not.toBe(vault.seal('a', 'b'));
});

it('does not open what another key sealed, what is about something else, or what was changed', () => {
  const vault = createVault(key, randomBytes);
  const sealed = vault.seal('hunter2', 'run 1');
  expect(createVault(randomBytes(64), randomBytes).open(sealed, 'run 1')).toBeNull();
  expect(vault.open(sealed, 'run 2')).toBeNull();
  for (let at = 0; at < Buffer.from(sealed, 'base64').length; at++) {
    const bytes = Buffer.from(sealed, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(vault.open(bytes.toString('base64'), 'run 1')).toBeNull();
  }
  expect(vault.open('', 'run 1')).toBeNull();
});
