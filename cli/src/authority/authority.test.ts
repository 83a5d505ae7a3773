import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'muster-ca-')), 'ca');
  expect((await muster('ca', 'init', folder)).code).toBe(0);
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

async function musterWith(files: Readonly<Record<string, string>>, ...args: string[]) {
  const world = memoryWorld({ files });
  const code = await runMuster(args, world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text(), written: world.written };
}
const muster = (...args: string[]) => musterWith({}, ...args);

const textOf = (written: ReadonlyMap<string, { readonly content: string | Uint8Array }>, path: string): string =>
  String(written.get(path)?.content);

it('says what is for everybody and what is for nobody', async () => {
  const again = await muster('ca', 'init', join(folder, 'other'), '--name', 'Example Ltd');
  expect(again.out).toContain('ca.key  for nobody');
  const pem = await readFile(join(folder, 'other', 'ca.pem'), 'utf8');
  expect(new X509Certificate(pem).subject).toContain('CN=Example Ltd');
  expect((await muster('ca', 'init', folder)).err).toContain('There is an authority in');
});

it('issues a certificate with a key that only its owner reads', async () => {
  const { code, out, written } = await muster(
    'ca',
    'issue',
    folder,
    'broker',
    'rabbit1',
    '--host',
    'rabbit1.example.com',
    '--out',
    'certs',
  );
  expect(code).toBe(0);
  expect(out).toContain('Holder       broker rabbit1');
  expect(written.get('certs/rabbit1.key')?.secret).toBe(true);
  const certificate = new X509Certificate(textOf(written, 'certs/rabbit1.pem'));
  expect(certificate.checkHost('rabbit1.example.com')).toBe('rabbit1.example.com');
  expect(certificate.toString()).not.toContain('PRIVATE');
});

it('limits a certificate to collectives', async () => {
  const flags = ['--collective', 'eu', '--collective', 'us'];
  const { code, out, written } = await muster('ca', 'issue', folder, 'person', 'bob', ...flags);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Counts in    eu, us') as string });
  const certificate = new X509Certificate(textOf(written, 'bob.pem'));
  expect(certificate.subjectAltName).toBe('URI:urn:muster:collective:eu, URI:urn:muster:collective:us');
  const listed = JSON.parse((await muster('ca', 'list', folder, '--json')).out) as unknown;
  expect(listed).toMatchObject([{ name: 'bob', collectives: ['eu', 'us'] }]);
  const wrong = await muster('ca', 'issue', folder, 'person', 'eve', '--collective', 'e u');
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('letters, digits') as string });
});

it('certifies a request whose key stays where it was made', async () => {
  const made = await muster('keys', 'new', 'person', 'alice');
  expect(made.written.get('alice.key')?.secret).toBe(true);
  const request = textOf(made.written, 'alice.csr');
  expect(request).not.toContain('PRIVATE');
  const { code, out, written } = await musterWith(
    { 'alice.csr': request },
    'ca',
    'issue',
    folder,
    'person',
    '--request',
    'alice.csr',
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ role: 'person', name: 'alice', certificate: 'alice.pem', key: null });
  const key = textOf(made.written, 'alice.key');
  expect(new X509Certificate(textOf(written, 'alice.pem')).checkPrivateKey(createPrivateKey(key))).toBe(true);
});

it('refuses what does not fit', async () => {
  const { written } = await muster('keys', 'new', 'node', 'web1');
  const files = { 'web1.csr': textOf(written, 'web1.csr'), 'web1.key': textOf(written, 'web1.key'), 'x.pem': 'x' };
  const issue = (...args: string[]) => musterWith(files, 'ca', 'issue', folder, ...args);
  expect((await issue('person', '--request', 'web1.csr')).err).toContain('asks to be node web1');
  expect((await issue('node', 'web2', '--request', 'web1.csr')).err).toContain('asks to be node web1');
  expect((await issue('node', '--request', 'web1.key')).err).toContain('cannot be used');
  expect((await issue('node')).err).toContain('A name is missing');
  expect((await issue('node', 'a b')).err).toContain('not a valid name');
  expect((await issue('node', 'web3', '--host', 'x')).err).toContain('Only the certificate of a broker');
  expect((await issue('node', 'web3', '--days', '0')).err).toContain('number of days');
  expect((await muster('keys', 'new', 'person', '../x')).err).toContain('not a valid name');
  expect((await muster('ca', 'list', folder)).code, 'nothing was issued').toBe(1);
});

it('lists what stands, what expires soon and what was taken back', async () => {
  for (const [name, days] of [
    ['alice', '10'],
    ['bob', '100'],
    ['carol', '100'],
  ] as const) {
    expect((await muster('ca', 'issue', folder, 'person', name, '--days', days)).code).toBe(0);
  }
  const soon = await muster('ca', 'list', folder, '--expiring', '30', '--json');
  expect(JSON.parse(soon.out)).toMatchObject([{ name: 'alice', state: 'valid', revoked: null }]);
  const revoked = await muster('ca', 'revoke', folder, 'carol', '--reason', 'key-compromise', '--json');
  expect(JSON.parse(revoked.out)).toMatchObject({ revoked: [{ role: 'person', name: 'carol' }] });
  const { out } = await muster('ca', 'list', folder);
  expect(out).toMatch(/person {2}alice {2}valid .*in (9|10) days/);
  expect(out).toMatch(/person {2}carol {2}revoked .*key-compromise/);
  expect((await muster('ca', 'revoke', folder, 'carol')).out).toContain('Nothing of it was left');
  expect(await muster('ca', 'revoke', folder, 'dave')).toMatchObject({ code: 1 });
  expect(JSON.parse((await muster('ca', 'crl', folder, '--days', '7', '--json')).out)).toMatchObject({ number: 4 });
});
