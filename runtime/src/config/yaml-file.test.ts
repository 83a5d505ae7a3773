import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createAuthority, issueCertificate } from '../pki/index.ts';
import { z } from 'zod';
import { loadCredentials } from './credentials.ts';
import { brokerSection, collectivesSection } from './sections.ts';
import { parseYaml, readYamlFile } from './yaml-file.ts';
import { readYamlText } from './yaml-text.ts';

const schema = z.strictObject({
  identity: z.string().optional(),
  collectives: collectivesSection,
  broker: brokerSection.optional(),
});
const read = (text: string) => parseYaml(text, 'agent.yaml', schema);

describe('a configuration file', () => {
  it('gives its values and the defaults of what it leaves out', () => {
    expect(read('identity: web01\n')).toEqual({ ok: true, value: { identity: 'web01', collectives: ['muster'] } });
    expect(read('')).toEqual({ ok: true, value: { collectives: ['muster'] } });
  });

  it('names the line of an unknown setting, and the mend', () => {
    expect(read('identity: web01\n\ncolectives: [eu]\n')).toMatchObject({
      ok: false,
      error: {
        code: 'config.invalid',
        message: 'agent.yaml:3: unknown setting "colectives"',
        mend: 'Remove it, or correct its spelling.',
      },
    });
  });

  it('names the line of an unknown setting deep inside', () => {
    const text = 'broker:\n  urls: [amqps://a]\n  username: u\n  password_file: p\n  pasword: x\n';
    expect(read(text)).toMatchObject({
      ok: false,
      error: { message: 'agent.yaml:5: unknown setting "broker.pasword"' },
    });
  });

  it('names the line of a value that does not fit', () => {
    expect(read('identity: a\ncollectives:\n  - ok\n  - not ok\n')).toMatchObject({
      ok: false,
      error: { message: 'agent.yaml:4: "collectives.1": use 1 to 64 letters, digits, underscores and hyphens' },
    });
    const plain = read('broker:\n  urls: ["amqp://plain"]\n  username: u\n  password_file: p\n');
    expect(plain).toMatchObject({
      ok: false,
      error: { message: 'agent.yaml:2: "broker.urls.0": use amqps://host:port' },
    });
  });

  it('names the parent of a value that is missing', () => {
    const missing = read('identity: a\nbroker:\n  username: u\n  password_file: p\n');
    expect(missing.ok ? '' : missing.error.message).toMatch(/^agent\.yaml:3: "broker\.urls": /);
  });

  it('names the line of broken YAML and of a key that stands twice', () => {
    const broken = read('identity: a\n  broken: [\n');
    expect(broken).toMatchObject({ ok: false, error: { code: 'config.syntax' } });
    expect(broken.ok ? '' : broken.error.message).toMatch(/^agent\.yaml:\d+: /);
    expect(read('identity: a\nidentity: b\n')).toMatchObject({ ok: false, error: { code: 'config.syntax' } });
  });

  it.each([
    ['an alias of nothing', 'a: 1\nb: *c\n', 'agent.yaml:2: there is no &c before *c'],
    ['an alias within what it stands for', 'a:\n  - &b [*b]\n', 'agent.yaml:2: *b stands for what it is part of'],
    ['too many aliases', `a: &a [1]\nb: [${'*a,'.repeat(200)}]\n`, 'agent.yaml:1: Excessive alias count'],
    ['lists that nest too deep', '['.repeat(50_000), 'agent.yaml:1: it is nested'],
    ['keys that nest too deep', '? '.repeat(50_000), 'agent.yaml:1: it is nested'],
    ['keys that nest deeper than any need', '? '.repeat(1000), 'agent.yaml:1: it is nested deeper than 100 levels'],
    ['another document', 'a: 1\n---\nb: 2\n', 'agent.yaml:2: There is more than one document'],
  ])('with %s is refused, and nothing is thrown', (_what, text, message) => {
    const result = read(text);
    expect(result).toMatchObject({ ok: false, error: { code: 'config.syntax' } });
    expect(result.ok ? '' : result.error.message).toContain(message);
  });

  it('takes aliases of what stands before them, and the last of that name', () => {
    const { value } = unwrap(readYamlText('[&x a, &x b, *x, &m {k: *x}, *m]', 'agent.yaml'));
    expect(value).toEqual(['a', 'b', 'b', { k: 'b' }, { k: 'b' }]);
  });

  it('that does not exist says so', async () => {
    expect(await readYamlFile('/nonexistent/agent.yaml', schema)).toMatchObject({
      ok: false,
      error: { code: 'config.unreadable' },
    });
  });
});

describe('the files behind a configuration', () => {
  let folder: string;
  const trust = { ca: 'ca.pem', certificate: 'a.pem', key: 'a.key' };
  const broker = brokerSection.parse({
    urls: ['amqps://localhost:1'],
    username: 'u',
    password_file: 'a.password',
    queue_type: 'quorum',
    random_start: true,
  });
  const load = () =>
    loadCredentials({
      file: join(folder, 'agent.yaml'),
      broker,
      trust,

      connectionName: 'a',
      clock: Date.now,
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster credentials '));
    const authority = await createAuthority({ name: 'Test', clock: Date.now });
    const issued = await issueCertificate(authority, { role: 'node', name: 'a', validDays: 1 });
    await writeFile(join(folder, 'ca.pem'), authority.certificatePem);
    await writeFile(join(folder, 'a.pem'), issued.certificatePem);
    await writeFile(join(folder, 'a.key'), issued.keyPem, { mode: 0o600 });
    await writeFile(join(folder, 'a.password'), 'secret word\n', { mode: 0o600 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read, without the line end of the password', async () => {
    expect(await load()).toMatchObject({
      ok: true,
      value: {
        broker: {
          account: { username: 'u', password: 'secret word' },
          urls: broker.urls,
          queueType: 'quorum',
          startAnywhere: true,
        },
      },
    });
  });

  it('are refused when others may read a secret', async () => {
    await chmod(join(folder, 'a.key'), 0o644);
    expect(await load()).toMatchObject({
      ok: false,
      error: { code: 'config.invalid', mend: `Run: chmod 600 "${join(folder, 'a.key')}"` },
    });
  });

  it('are refused when key and certificate do not belong together', async () => {
    const other = await issueCertificate(await createAuthority({ name: 'Test', clock: Date.now }), {
      role: 'node',
      name: 'b',
      validDays: 1,
    });
    await writeFile(join(folder, 'a.key'), other.keyPem, { mode: 0o600 });
    expect(await load()).toMatchObject({ ok: false, error: { code: 'certificate.untrusted' } });
  });

  it('are refused when the authority is no certificate', async () => {
    await writeFile(join(folder, 'ca.pem'), 'nothing');
    expect(await load()).toMatchObject({ ok: false, error: { code: 'certificate.untrusted' } });
  });
});
