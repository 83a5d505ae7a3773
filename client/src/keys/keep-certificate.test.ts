import { spawn, spawnSync, execFile, type ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Ask } from '@muster/protocol/enrolment';
import type { Fault } from '@muster/protocol/errors';
import { unwrap } from '@muster/protocol/errors';
import { createMemoryBroker, type Bus, type MemoryBroker } from '@muster/runtime/bus';
import {
  compressor,
  createOwnSigner,
  createVerifier,
  keyFingerprintOf,
  randomBytes,
  vaultSecret,
  type OwnSigner,
} from '@muster/runtime/crypto';
import type { KeptCertificate } from '@muster/runtime/enrolment';
import { createLogger } from '@muster/runtime/logging';
import {
  certify,
  createAuthority,
  issueCertificate,
  readSigningRequest,
  requestFor,
  requestForHeldKey,
  type Authority,
} from '@muster/runtime/pki';
import { findAgentKey } from '@muster/runtime/keys';
import { startFakeAuthority } from '../../../test/support/client/fake-authority.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createConsoleAudit, type ConsoleAudit } from '../audit/index.ts';
import { readConfiguration } from '../configuration/index.ts';
import { keepCertificate } from './keep-certificate.ts';
import { protectOwnKey } from './protect.ts';

const run = promisify(execFile);
const hasAgent = spawnSync('ssh-agent', ['-h']).error === undefined;
const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
const person = { role: 'person', name: 'alice' } as const;

let home: string;
let authority: Authority;
let broker: MemoryBroker;
let authorityBus: Bus;
const at = (name: string) => join(home, name);
const text = (name: string) => readFile(at(name), 'utf8');

const settings = (trust: string, broker = '') => `person: alice
broker: { urls: ['amqps://127.0.0.1:1']${broker} }
trust: { ca: ca.pem, certificate: alice.pem, ${trust} }
`;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster renewal '));
  authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  broker = createMemoryBroker({ collectives: ['muster'], clock: Date.now });
  authorityBus = broker.connect();
  await writeFile(at('ca.pem'), authority.certificatePem);
  const issued = await issueCertificate(authority, { ...person, validDays: 30 });
  await writeFile(at('alice.pem'), issued.certificatePem);
  await writeFile(at('alice.key'), issued.keyPem, { mode: 0o600 });
  await writeFile(at('console.yaml'), settings('key: alice.key'));
});
const kept = new Set<() => Promise<void>>();
afterEach(async () => {
  for (const close of kept) await close();
  kept.clear();
  await authorityBus.close();
  await rm(home, { recursive: true });
});

/** An authority that gives 30 more days for whichever key asks. */
const giving = (): Promise<readonly Ask[]> =>
  startFakeAuthority({ authority, bus: authorityBus }, async (ask): Promise<Answer> => {
    if (ask.kind !== 'renew') return { kind: 'refused', code: 'internal', message: 'not here', mend: null };
    const { publicKey, fingerprint } = unwrap(await readSigningRequest(ask.request));
    return {
      kind: 'certificate',
      key: fingerprint,
      certificate: await certify(authority, publicKey, { ...person, validDays: 30 }),
    };
  });

interface Keeping {
  readonly certificate: KeptCertificate;
  readonly signer: OwnSigner;
  readonly audit: ConsoleAudit;
  readonly used: { certificate: string; key: string }[];
  readonly faults: Fault[];
}

async function keep({ clock = Date.now, stays = false, passphrase = '' } = {}): Promise<Keeping> {
  const ask = () => Promise.resolve({ ok: true as const, value: passphrase === '' ? null : passphrase });
  const read = unwrap(await readConfiguration(home, { passphrase: ask }));
  const used: Keeping['used'] = [];
  const bus = broker.connect();
  // A bus in memory shows no certificate to anybody.
  bus.useCertificate = (own) => {
    used.push(own);
    return Promise.resolve();
  };
  const signer = createOwnSigner(read.credentials.signer);
  const audit = createConsoleAudit({ folder: at('audit'), signer: read.credentials.signer, clock: Date.now, logger });
  const faults: Fault[] = [];
  const noting = { ...logger, info: () => undefined, warn: (about: Fault) => void faults.push(about) };
  const verifier = createVerifier({ caPem: authority.certificatePem });
  const effects = { bus, verifier, compressor, clock, randomBytes, logger: noting as unknown as typeof logger };
  const certificate = keepCertificate({ read, signer, effects, audit, stays });
  kept.add(async () => {
    certificate.stop();
    await audit.close();
    await bus.close();
  });
  await Promise.resolve();
  return { certificate, signer, audit, used, faults };
}

/** Has the certificate end within a minute, so that it is looked at often. */
async function shorten(): Promise<void> {
  const { publicKey } = unwrap(await readSigningRequest(await requestFor(await text('alice.key'), person)));
  await writeFile(at('alice.pem'), await certify(authority, publicKey, { ...person, validDays: 60_000 / 86_400_000 }));
}

const keyIn = (pem: string) => keyFingerprintOf(new X509Certificate(pem).publicKey);

describe('a console', () => {
  it('gets its next certificate for the same key, and signs and connects with it', async () => {
    const asked = await giving();
    const { certificate, signer, used, audit } = await keep();
    unwrap(await audit.note('export', {}));
    const [before, secret] = [await text('alice.pem'), await vaultSecret(signer)];
    const notAfterMs = unwrap(await certificate.renew());
    const after = await text('alice.pem');
    expect(asked).toHaveLength(1);
    expect(after).not.toBe(before);
    expect(keyIn(after)).toBe(keyIn(before));
    expect(notAfterMs).toBe(new X509Certificate(after).validToDate.getTime());
    expect(new X509Certificate(signer.certificate).toString()).toBe(new X509Certificate(after).toString());
    // What waits on the console can still be opened.
    expect(Buffer.from(await vaultSecret(signer))).toEqual(Buffer.from(secret));
    expect(used).toEqual([{ certificate: after, key: await text('alice.key') }]);
    unwrap(await audit.note('export', {}));
    const kinds = (await text('audit/audit-1.log')).trimEnd().split('\n');
    expect(kinds.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(
      // The one before has its last word, and the next one its first.
      ['opened', 'export', 'checkpoint', 'opened', 'export'],
    );
  });

  it('that stays asks in time by itself, and another one of the same home takes what that put in place', async () => {
    const asked = await giving();
    await shorten();
    const clock = () => Date.now() + 45_000;
    const command = await keep({ clock });
    const window = await keep({ clock, stays: true });
    const certificateOf = ({ signer }: Keeping) => new X509Certificate(signer.certificate).toString();
    await eventually(() => expect(asked).toHaveLength(1));
    await eventually(async () => {
      const renewed = new X509Certificate(await text('alice.pem')).toString();
      expect([certificateOf(window), certificateOf(command)]).toEqual([renewed, renewed]);
    });
    expect(asked).toHaveLength(1);
    expect([...window.faults, ...command.faults]).toEqual([]);
  });

  it('goes on with its key when another one is put in place, and says so once', async () => {
    await shorten();
    const { faults, signer } = await keep();
    const before = new X509Certificate(signer.certificate).toString();
    const other = await issueCertificate(authority, { ...person, validDays: 30 });
    await writeFile(at('alice.pem'), other.certificatePem);
    await eventually(() => expect(faults).toMatchObject([{ code: 'certificate.untrusted' }]));
    expect(new X509Certificate(signer.certificate).toString()).toBe(before);
  });

  it('whose key is under a passphrase leaves that file as it is', async () => {
    const passphrase = 'correct horse battery';
    unwrap(await protectOwnKey(home, passphrase, () => Promise.resolve({ ok: true, value: null })));
    const key = await text('alice.key');
    await giving();
    const { certificate, signer } = await keep({ passphrase });
    const before = await text('alice.pem');
    unwrap(await certificate.renew());
    expect(await text('alice.pem')).not.toBe(before);
    expect(await text('alice.key')).toBe(key);
    expect((await stat(at('alice.key'))).mode & 0o777).toBe(0o600);
    await signer.sign(Buffer.from('x'));
  });

  it('does not take what is for another key, or for somebody else', async () => {
    let wrong: 'key' | 'name' = 'key';
    await startFakeAuthority({ authority, bus: authorityBus }, async () => {
      const name = wrong === 'name' ? 'mallory' : 'alice';
      const { certificatePem } = await issueCertificate(authority, { role: 'person', name, validDays: 30 });
      return { kind: 'certificate', key: 'ab'.repeat(32), certificate: certificatePem };
    });
    const before = await text('alice.pem');
    const { certificate, used } = await keep();
    expect(await certificate.renew()).toMatchObject({ error: { code: 'certificate.untrusted' } });
    wrong = 'name';
    expect(await certificate.renew()).toMatchObject({ error: { code: 'sender.mismatch' } });
    expect(await text('alice.pem')).toBe(before);
    expect(used).toEqual([]);
  });
});

describe.skipIf(!hasAgent)('a console whose key is in an SSH agent (needs openssh-client)', () => {
  let agent: ChildProcess;
  let before: string | undefined;
  beforeEach(async () => {
    agent = spawn('ssh-agent', ['-D', '-a', at('agent.sock')], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (agent.stdout !== null) await once(agent.stdout, 'data');
    before = process.env['SSH_AUTH_SOCK'];
    process.env['SSH_AUTH_SOCK'] = at('agent.sock');
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = before;
    agent.kill();
    await once(agent, 'exit');
  });

  it('has the agent sign the request, and connects as before', async () => {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'alice@card', '-f', at('id')]);
    await run('ssh-add', ['-q', at('id')]);
    const held = unwrap(await findAgentKey(at('agent.sock'), 'alice@card'));
    const { publicKey } = unwrap(await readSigningRequest(await requestForHeldKey(person, held)));
    await writeFile(at('alice.pem'), await certify(authority, publicKey, { ...person, validDays: 30 }));
    const transport = await issueCertificate(authority, { ...person, validDays: 30, isTransportOnly: true });
    await writeFile(at('transport.pem'), transport.certificatePem);
    await writeFile(at('transport.key'), transport.keyPem, { mode: 0o600 });
    await writeFile(at('console.yaml'), settings('key: ssh-agent', ', certificate: transport.pem, key: transport.key'));
    await giving();
    const { certificate, signer, used } = await keep();
    const old = await text('alice.pem');
    unwrap(await certificate.renew());
    expect(keyIn(await text('alice.pem'))).toBe(keyIn(old));
    expect(await text('alice.pem')).not.toBe(old);
    await signer.sign(Buffer.from('x'));
    expect(used).toEqual([]);
    expect(await text('transport.pem')).toBe(transport.certificatePem);
    await eventually(() => expect(new X509Certificate(signer.certificate).toString()).not.toBe(old));
  });
});
