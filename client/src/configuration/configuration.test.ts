import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { openEngine } from '../engine/index.ts';
import { homeFolder, readConfiguration } from './index.ts';

describe('the home folder', () => {
  it.each([
    [{ MUSTER_HOME: '/srv/fleet', XDG_CONFIG_HOME: '/x' }, '/srv/fleet'],
    [{ MUSTER_HOME: '', XDG_CONFIG_HOME: '/x' }, '/x/muster'],
    [{}, join(homedir(), '.config', 'muster')],
  ])('for %o is %s', (env, folder) => expect(homeFolder(env)).toBe(folder));
});

describe('console.yaml', () => {
  let home: string;
  const yaml = `person: alice
collectives: [eu, muster]
broker: { urls: ['amqps://127.0.0.1:1'], username: person.alice, password_file: alice.password }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }
discovery: { timeout: 0.5 }
`;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'muster home '));
    const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
    const issued = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 30 });
    const secret = { mode: 0o600 };
    await writeFile(join(home, 'ca.pem'), authority.certificatePem);
    await writeFile(join(home, 'alice.pem'), issued.certificatePem);
    await writeFile(join(home, 'alice.key'), issued.keyPem, secret);
    await writeFile(join(home, 'alice.password'), 'secret\n', secret);
    await writeFile(join(home, 'console.yaml'), yaml);
  });
  afterEach(() => rm(home, { recursive: true }));

  it('is read with the files that it names', async () => {
    const { configuration, credentials } = unwrap(await readConfiguration(home));
    expect(configuration).toEqual({
      home,
      person: 'alice',
      collectives: ['eu', 'muster'],
      brokerUrls: ['amqps://127.0.0.1:1'],
      proxy: null,
      dataFolder: join(home, 'data'),
      discoveryTimeoutMs: 500,
      discovery: {
        choice: { method: 'broadcast', options: {} },
        folder: home,
        puppetdb: null,
        external: { command: null, protocol: 'muster', timeoutMs: 30_000, folder: home },
      },
      guard: { lockAfterMs: 900_000, isReadOnly: false, typeAbove: 10 },
      history: { keepMs: null, evidence: true, archive: join(home, 'archive') },
      notify: [],
    });
    expect(credentials.broker).toMatchObject({
      account: { username: 'person.alice', password: 'secret' },
      connectionName: 'muster alice',
    });
    expect(JSON.stringify(configuration)).not.toContain('secret');
  });

  it('says how nodes are found, with files beside it', async () => {
    const section = `discovery:
  method: puppetdb
  options: { pql: 'nodes{}' }
  puppetdb: { url: 'https://127.0.0.1:8081', ca: puppet/ca.pem, timeout: 1.5 }
  external: { command: [/bin/nodes, --all], protocol: choria }
`;
    await writeFile(join(home, 'console.yaml'), yaml.replace(/discovery: .*\n/, section));
    expect(unwrap(await readConfiguration(home)).configuration.discovery).toEqual({
      choice: { method: 'puppetdb', options: { pql: 'nodes{}' } },
      folder: home,
      puppetdb: {
        url: 'https://127.0.0.1:8081',
        ca: join(home, 'puppet', 'ca.pem'),
        certificate: join(home, 'alice.pem'),
        key: join(home, 'alice.key'),
        timeoutMs: 1500,
      },
      external: { command: ['/bin/nodes', '--all'], protocol: 'choria', timeoutMs: 30_000, folder: home },
    });
  });

  it('says how long runs stay, and where older ones go', async () => {
    await writeFile(join(home, 'console.yaml'), `${yaml}history: { keep: 30, archive: ../old, evidence: false }\n`);
    expect(unwrap(await readConfiguration(home)).configuration.history).toEqual({
      keepMs: 30 * 86_400_000,
      evidence: false,
      archive: join(home, '..', 'old'),
    });
  });

  it('says through which proxy others are reached; the password stays with what is secret', async () => {
    await writeFile(join(home, 'proxy.password'), 'open sesame\n', { mode: 0o600 });
    const section =
      'proxy: { url: https://proxy.example.com, username: muster, password_file: proxy.password, except: [.corp] }\n';
    await writeFile(join(home, 'console.yaml'), yaml + section);
    const { configuration, credentials } = unwrap(await readConfiguration(home));
    expect(configuration.proxy).toEqual({ url: 'https://proxy.example.com', username: 'muster', except: ['.corp'] });
    expect(credentials.broker.proxy).toEqual({
      url: 'https://proxy.example.com',
      account: { username: 'muster', password: 'open sesame' },
      except: ['.corp'],
    });
  });

  it.each([
    ['a password in its address', 'url: http://muster:open@proxy.example.com', /password in it/],
    ['a password in the clear', 'url: http://proxy.example.com, username: m, password_file: p', /allow_http/],
    ['a user without a password', 'url: https://proxy.example.com, username: m', /go together/],
    ['another protocol', 'url: socks5://proxy.example.com', /use http:/],
    ['an exception that is an address of the web', 'url: http://p.example.com, except: [https://x/]', /use a name/],
  ])('refuses a proxy with %s', async (_what, section, said) => {
    await writeFile(join(home, 'console.yaml'), `${yaml}proxy: { ${section} }\n`);
    expect(await readConfiguration(home)).toMatchObject({
      ok: false,
      error: { code: 'config.invalid', message: expect.stringMatching(said) as string },
    });
  });

  it('says whom to tell, with files beside it', async () => {
    const section = `notify:
  webhooks:
    - { name: ops, url: 'https://hooks.example.com/x', secret_file: ops.secret, token_file: ops.token, on: [failed], ca: hooks.pem, timeout: 2.5 }
    - { name: here, url: 'http://localhost:8080/' }
  mail: { server: mail.example.com, tls: implicit, user: muster, password_file: mail.password, from: a@example.com, to: [b@example.com] }
`;
    await writeFile(join(home, 'console.yaml'), yaml + section);
    const all = ['finished', 'failed', 'threshold'];
    expect(unwrap(await readConfiguration(home)).configuration.notify).toEqual([
      {
        kind: 'webhook',
        name: 'ops',
        on: ['failed'],
        url: 'https://hooks.example.com/x',
        secretFile: join(home, 'ops.secret'),
        tokenFile: join(home, 'ops.token'),
        ca: join(home, 'hooks.pem'),
        timeoutMs: 2500,
      },
      {
        kind: 'webhook',
        name: 'here',
        on: all,
        url: 'http://localhost:8080/',
        secretFile: null,
        tokenFile: null,
        ca: null,
        timeoutMs: 10_000,
      },
      {
        kind: 'mail',
        name: 'mail',
        on: all,
        server: 'mail.example.com',
        port: 465,
        tls: 'implicit',
        user: 'muster',
        passwordFile: join(home, 'mail.password'),
        from: 'a@example.com',
        to: ['b@example.com'],
        ca: null,
        timeoutMs: 10_000,
      },
    ]);
  });

  it.each([
    ['in the clear to another machine', "webhooks: [{ name: a, url: 'http://hooks.example.com/' }]", /allow_http/],
    [
      'to a host that only begins like this one',
      "webhooks: [{ name: a, url: 'http://127.0.0.1.example.com/' }]",
      /allow_http/,
    ],
    [
      'with a password in an address',
      "webhooks: [{ name: a, url: 'https://u:p@hooks.example.com/' }]",
      /password in it/,
    ],
    ['of something else', "webhooks: [{ name: a, url: 'https://x/', on: [started] }]", /on/],
    [
      'two of a name',
      "webhooks: [{ name: a, url: 'https://x/' }, { name: a, url: 'https://y/' }]",
      /two targets are called "a"/,
    ],
    [
      'mail in the clear',
      'mail: { server: x.example.com, tls: none, from: a@example.com, to: [b@example.com] }',
      /allow_plain/,
    ],
    [
      'a user without a password',
      'mail: { server: x, user: u, from: a@example.com, to: [b@example.com] }',
      /go together/,
    ],
    [
      'an address with a header in it',
      'mail: { server: x, from: "a@example.com\\nBcc: c@example.com", to: [b@example.com] }',
      /address such as/,
    ],
  ])('tells nobody %s', async (_what, section, reason) => {
    await writeFile(join(home, 'console.yaml'), `${yaml}notify: { ${section} }\n`);
    expect(await readConfiguration(home)).toMatchObject({
      ok: false,
      error: { code: 'config.invalid', message: expect.stringMatching(reason) as string },
    });
  });

  it.each([
    ['an unknown setting', 'persons: [x]\n', /console\.yaml:6: unknown setting "persons"/],
    ['a window that is too long', 'data: 5\n', /console\.yaml:6: "data"/],
  ])('with %s is refused with its line', async (_what, more, message) => {
    await writeFile(join(home, 'console.yaml'), yaml + more);
    expect(await openEngine({ home })).toMatchObject({
      ok: false,
      error: { code: 'config.invalid', message: expect.stringMatching(message) as string },
    });
  });

  it('that is missing is told with the way out', async () => {
    expect(await openEngine({ home: join(home, 'nowhere') })).toMatchObject({
      ok: false,
      error: { code: 'home.missing', mend: expect.stringContaining('MUSTER_HOME') as string },
    });
  });

  it('opens an engine that says why there is no broker', async () => {
    const engine = unwrap(await openEngine({ home }));
    expect(await engine.connection.waitUntilUp(2000)).toMatchObject({
      ok: false,
      error: { code: 'broker.unreachable' },
    });
    expect(await engine.discovery.discover({ filter: { kind: 'all' } })).toMatchObject({
      ok: false,
      error: { code: 'broker.closed' },
    });
    await engine.close();
  });

  it('with a database that is broken begins a new one, and tells so', async () => {
    const engine = unwrap(await openEngine({ home }));
    await engine.close();
    await writeFile(join(home, 'data', 'muster.db'), 'x'.repeat(5000));
    const again = unwrap(await openEngine({ home }));
    expect(unwrap(await again.notices.list())).toMatchObject([{ code: 'storage.corrupt' }]);
    await again.close();
  });
});
