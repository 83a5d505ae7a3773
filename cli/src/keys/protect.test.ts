import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';

let home: string;
const at = (name: string): string => join(home, name);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster protect '));
  const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const issued = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 30 });
  await writeFile(at('ca.pem'), authority.certificatePem);
  await writeFile(at('alice.pem'), issued.certificatePem);
  await writeFile(at('alice.key'), issued.keyPem, { mode: 0o600 });
  await writeFile(
    at('console.yaml'),
    `person: alice
broker: { urls: ['amqps://127.0.0.1:1'], username: person.alice, password_file: alice.password }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }
`,
  );
});
afterEach(() => rm(home, { recursive: true }));

async function muster(options: MemoryOptions, ...args: string[]) {
  const world = memoryWorld(options);
  const code = await runMuster([...args, '--home', home], world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text(), questions: world.questions };
}
const terminal = (secret: string): MemoryOptions => ({
  stdin: { kind: 'terminal' },
  stderr: { isTerminal: true },
  secret,
});
const keyText = () => readFile(at('alice.key'), 'utf8');

it('asks for a new passphrase twice, and for the present one before it takes it off', async () => {
  const made = await muster(terminal('correct horse'), 'keys', 'protect');
  expect(made).toMatchObject({ code: 0, questions: ['New passphrase', 'The same again'] });
  expect(await keyText()).toContain('AGE ENCRYPTED FILE');
  expect(made.out + made.err).not.toContain('correct horse');
  const wrong = await muster(terminal('wrong horse'), 'keys', 'unprotect');
  expect(wrong.code).toBe(1);
  expect(wrong.questions).toEqual([
    'Passphrase of alice.key',
    'That was not it. Passphrase of alice.key',
    'That was not it. Passphrase of alice.key',
  ]);
  expect((await muster(terminal('correct horse'), 'keys', 'unprotect')).code).toBe(0);
  expect(await keyText()).toContain('PRIVATE KEY');
  expect((await muster(terminal('correct horse'), 'keys', 'unprotect')).err).toContain('not protected');
});

it('works with files where nobody can be asked', async () => {
  expect((await muster({}, 'keys', 'protect')).err).toContain('--new-passphrase-file');
  await writeFile(at('new'), 'correct horse\n', { mode: 0o600 });
  const made = await muster({}, 'keys', 'protect', '--new-passphrase-file', at('new'), '--json');
  expect(JSON.parse(made.out)).toEqual({ keys: [at('alice.key')], protected: true });
  expect((await muster({}, 'keys', 'unprotect')).err).toContain('--passphrase-file');
  expect(
    (await muster({ stdin: { kind: 'pipe', text: 'correct horse\n' } }, 'keys', 'unprotect', '--passphrase-file', '-'))
      .code,
  ).toBe(0);
});

it('shows certificates whether the key is protected or not', async () => {
  await muster(terminal('correct horse'), 'keys', 'protect');
  const listed = await muster({}, 'keys', 'list');
  expect(listed.questions).toEqual([]);
  expect(listed.out).toContain('alice');
});
