import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { muster } from './muster-process.ts';

let home: string;
let file: string;

/** A home whose broker nobody has to reach. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster db test '));
  file = join(home, 'data', 'muster.db');
  const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const issued = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 30 });
  const secret = { mode: 0o600 };
  await writeFile(join(home, 'ca.pem'), authority.certificatePem);
  await writeFile(join(home, 'alice.pem'), issued.certificatePem);
  await writeFile(join(home, 'alice.key'), issued.keyPem, secret);
  await writeFile(join(home, 'alice.password'), 'secret\n', secret);
  await writeFile(
    join(home, 'console.yaml'),
    `person: alice
collectives: [muster]
broker: { urls: ['amqps://127.0.0.1:1'], username: person.alice, password_file: alice.password }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }
`,
  );
});
afterAll(() => rm(home, { recursive: true }));

it('checks, backs up and compacts the database, and tells of damage once', async () => {
  expect((await muster(home, 'db', 'check')).err).toContain('There is no database');
  expect((await muster(home, 'preset', 'save', 'debian', '-F', 'os=Debian')).code).toBe(0);
  const sound = await muster(home, 'db', 'check', '--json');
  expect(sound).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(sound.out)).toMatchObject({ sound: true, file, runs: 0, damage: [] });
  const copy = join(home, 'copy.db');
  // What stays on this computer needs no keys.
  await rename(join(home, 'alice.key'), join(home, 'away.key'));
  expect((await muster(home, 'db', 'check')).out).toContain('sound');
  expect(await muster(home, 'db', 'backup', copy)).toMatchObject({
    code: 0,
    out: expect.stringContaining(copy) as string,
    err: expect.stringContaining('not in the audit') as string,
  });
  expect((await muster(home, 'db', 'backup', copy)).err).toContain('--force');
  expect((await muster(home, 'db', 'backup', copy, '--force')).code).toBe(0);
  expect((await muster(home, 'db', 'compact')).out).toMatch(/^\d.* before, \d.* now\.\n$/);

  const archived = join(home, 'archived.ndjson');
  await writeFile(archived, 'no archive\n');
  const spoilt = await muster(home, 'runs', 'import', archived);
  expect(spoilt).toEqual({ code: 1, out: 'Imported 0 runs.\n', err: `${archived}:1: it is not JSON\n` });
  const spoiltJson = await muster(home, 'runs', 'import', archived, '--json');
  expect(JSON.parse(spoiltJson.out)).toEqual({
    imported: [],
    present: [],
    refused: [],
    damage: [{ file: archived, line: 1, problem: 'it is not JSON' }],
    interrupted: false,
  });

  await rename(join(home, 'away.key'), join(home, 'alice.key'));

  const bytes = await readFile(file);
  await writeFile(file, Buffer.concat([Buffer.alloc(100, 7), bytes.subarray(100)]));
  const damaged = await muster(home, 'db', 'check');
  expect(damaged.code).toBe(1);
  expect(damaged.out).toContain('DAMAGED');
  const listed = await muster(home, 'preset', 'list');
  expect(listed.code).toBe(0);
  expect(listed.out).toContain('debian');
  expect(listed.err).toContain('has been set aside');
  expect((await muster(home, 'preset', 'list')).err).toBe('');
  const mended = await muster(home, 'db', 'check', '--json');
  expect(JSON.parse(mended.out)).toMatchObject({ sound: true, notices: 1, setAside: [expect.any(String)] });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('writes backups into the audit', async () => {
  const copy = join(home, 'audited.db');
  expect(await muster(home, 'db', 'backup', copy)).toMatchObject({ code: 0, err: '' });
  const chain = join(home, 'audit', 'audit-1.log');
  expect((await muster(home, 'audit', 'show', chain, '--kind', 'export')).out).toContain(`what=database  file=${copy}`);
  expect((await muster(home, 'audit', 'verify')).out).toContain('State     intact');
});
