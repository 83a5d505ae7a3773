import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { unwrap } from '@muster/protocol/errors';
import { certify, issueCertificate, loadAuthority, readSigningRequest } from '@muster/runtime/pki';
import { eventually } from '../../support/eventually.ts';
import { protectedHome, type ProtectedHome } from '../../support/protected-home.ts';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster } from './muster-process.ts';

const size = 2;
const run = promisify(execFile);
const hasAgent = spawnSync('ssh-agent', ['-h']).error === undefined;

let fleet: Awaited<ReturnType<typeof startTestFleet>>;

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: size });
});
afterAll(() => fleet.stop());

/** How many nodes answered well. */
const answered = (out: string): number =>
  (JSON.parse(out) as { replies: { statuscode: number }[] }).replies.filter(({ statuscode }) => statuscode === 0)
    .length;

describe('a home whose key is protected', () => {
  let home: ProtectedHome;
  let file: string;
  beforeAll(async () => {
    home = await protectedHome(fleet.ready.home);
    file = join(home.folder, 'passphrase');
  });
  afterAll(() => home.remove());

  it('works with the passphrase and not without it', async () => {
    const shut = await muster(home.folder, 'rpc', 'rpcutil', 'ping', '--json');
    expect(shut.code).toBe(1);
    expect(JSON.parse(shut.out)).toMatchObject({ error: { code: 'key.locked' } });
    const open = await muster(home.folder, 'rpc', 'rpcutil', 'ping', '--json', '--passphrase-file', file);
    expect(answered(open.out)).toBe(size);
  });

  it('leaves a run to the background, which gets the passphrase without anybody seeing it', async () => {
    const begun = await muster(home.folder, 'rpc', 'rpcutil', 'ping', '--detach', '--passphrase-file', file);
    const runId = begun.out.trim();
    await eventually(async () => {
      const shown = await muster(home.folder, 'runs', 'show', runId, '--json', '--passphrase-file', file);
      expect(shown.out).toContain('"finished"');
    }, 120_000);
  });

  it('only reads when that is said', async () => {
    const refused = await muster(
      home.folder,
      ...['rpc', 'filemgr', 'touch', 'file=/nonexistent/muster', '--yes', '--read-only', '--passphrase-file', file],
    );
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('this console only reads');
  });
});

describe.skipIf(!hasAgent)('a home whose key is in an SSH agent (needs openssh-client)', () => {
  let folder: string;
  let agent: ChildProcess;
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-agent-home-'));
    agent = spawn('ssh-agent', ['-D', '-a', at('agent.sock')], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (agent.stdout !== null) await once(agent.stdout, 'data');
    process.env['SSH_AUTH_SOCK'] = at('agent.sock');
  });
  afterAll(async () => {
    delete process.env['SSH_AUTH_SOCK'];
    agent.kill();
    await once(agent, 'exit');
    await rm(folder, { recursive: true });
  });

  it('has its requests signed there, and connects with a certificate that signs nothing', async () => {
    const { home } = fleet.ready;
    const [caPem, keyPem] = [
      await readFile(join(home, 'ca', 'ca.pem'), 'utf8'),
      await readFile(join(home, 'ca', 'ca.key'), 'utf8'),
    ];
    const authority = await loadAuthority({ certificatePem: caPem, keyPem, clock: Date.now });
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'demo@card', '-f', at('id')]);
    await run('ssh-add', ['-q', at('id')]);
    await rm(at('id'));
    expect(
      (await muster(folder, 'keys', 'new', 'person', 'demo', '--ssh-agent', 'demo@card', '--out', folder)).code,
    ).toBe(0);
    const { publicKey } = unwrap(await readSigningRequest(await readFile(at('demo.csr'), 'utf8')));
    const person = { role: 'person', name: 'demo', validDays: 1 } as const;
    const transport = await issueCertificate(authority, { ...person, isTransportOnly: true });
    await writeFile(at('demo.pem'), await certify(authority, publicKey, person));
    await writeFile(at('ca.pem'), caPem);
    await mkdir(at('transport'));
    await writeFile(at('transport/demo.pem'), transport.certificatePem);
    await writeFile(at('transport/demo.key'), transport.keyPem, { mode: 0o600 });
    const broker = { urls: [fleet.ready.amqp], certificate: 'transport/demo.pem', key: 'transport/demo.key' };
    const settings = { person: 'demo', broker, trust: { ca: 'ca.pem', certificate: 'demo.pem', key: 'ssh-agent' } };
    await writeFile(at('console.yaml'), stringify(settings));
    const asked = await muster(folder, 'rpc', 'rpcutil', 'ping', '--json');
    expect(asked.err).toBe('');
    expect(answered(asked.out)).toBe(size);
    // With the key that only connects, nobody answers.
    const forged = {
      ...settings,
      trust: { ...settings.trust, certificate: 'transport/demo.pem', key: 'transport/demo.key' },
    };
    await writeFile(at('console.yaml'), stringify({ ...forged, broker: { urls: broker.urls } }));
    const unheard = await muster(
      folder,
      'rpc',
      'rpcutil',
      'ping',
      '-I',
      Object.keys(fleet.ready.pids.agents)[0] ?? '',
      '-t',
      '2',
      '--json',
    );
    expect(answered(unheard.out)).toBe(0);
    await run('ssh-add', ['-q', '-D']);
    await writeFile(at('console.yaml'), stringify(settings));
    expect((await muster(folder, 'rpc', 'rpcutil', 'ping')).err).toContain('does not hold the key of the certificate');
  });
});
