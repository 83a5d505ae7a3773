import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { randomBytes } from './random.ts';
import { createVault } from './vault.ts';

const newKey = () =>
  generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
const key = newKey();

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
  expect(createVault(newKey(), randomBytes).open(sealed, 'run 1')).toBeNull();
  expect(vault.open(sealed, 'run 2')).toBeNull();
  for (let at = 0; at < Buffer.from(sealed, 'base64').length; at++) {
    const bytes = Buffer.from(sealed, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(vault.open(bytes.toString('base64'), 'run 1')).toBeNull();
  }
  expect(vault.open('', 'run 1')).toBeNull();
});
