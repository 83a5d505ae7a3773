import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, seal } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { compressor, createVerifier, vaultSecret } from '../crypto/index.ts';
import { certify, createAuthority, readSigningRequest, requestForHeldKey, type Authority } from '../pki/index.ts';
import { PublicKey } from '../pki/x509.ts';
import { createAgentSigner, findAgentKey } from './index.ts';

const run = promisify(execFile);
/** Debian's openssh-client. */
const hasAgent = spawnSync('ssh-agent', ['-h']).error === undefined;

describe.skipIf(!hasAgent)('a key in an SSH agent (needs openssh-client)', () => {
  let folder: string;
  let agent: ChildProcess;
  let authority: Authority;
  const at = (name: string): string => join(folder, name);
  const socket = () => at('agent.sock');
  const ssh = (program: string, ...args: string[]) =>
    run(program, args, { env: { ...process.env, SSH_AUTH_SOCK: socket() } });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-agent-'));
    authority = await createAuthority({ name: 'Test', clock: Date.now });
    agent = spawn('ssh-agent', ['-D', '-a', socket()], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (agent.stdout !== null) await once(agent.stdout, 'data');
  });
  afterAll(async () => {
    agent.kill();
    await once(agent, 'exit');
    await rm(folder, { recursive: true });
  });

  /** Makes a key, gives it to the agent, and has it certified; the certificate, PEM. */
  async function certified(name: string, ...kind: string[]): Promise<string> {
    await ssh('ssh-keygen', '-q', '-N', '', '-f', at(name), ...kind);
    await ssh('ssh-add', '-q', at(name));
    const parsed = ssh2.utils.parseKey(await readFile(at(`${name}.pub`)));
    if (parsed instanceof Error) throw parsed;
    const der = createPublicKey(parsed.getPublicPEM()).export({ type: 'spki', format: 'der' });
    return certify(authority, new PublicKey(der), { role: 'person', name: 'alice', validDays: 1 });
  }

  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
  ] as const)('signs messages that others believe, and a secret that is always the same: %s', async (name, kind) => {
    const certificatePem = await certified(name, ...kind);
    const signer = unwrap(await createAgentSigner({ certificatePem, socket: socket() }));
    const message = unwrap(await seal({ hello: 'world' }, { signer, compressor }));
    const verifier = createVerifier({ caPem: authority.certificatePem });
    expect(await open(message, { verifier, compressor, nowMs: Date.now() })).toMatchObject({
      value: { body: { hello: 'world' }, principal: { role: 'person', name: 'alice' } },
    });
    const again = unwrap(await createAgentSigner({ certificatePem, socket: socket() }));
    expect(Buffer.from(await vaultSecret(again))).toEqual(Buffer.from(await vaultSecret(signer)));
  });

  it('is refused where the agent has another, is locked, or is not there', async () => {
    const certificatePem = await certified('gone', '-t', 'ed25519');
    const signer = unwrap(await createAgentSigner({ certificatePem, socket: socket() }));
    await ssh('ssh-add', '-q', '-d', at('gone'));
    expect(await createAgentSigner({ certificatePem, socket: socket() })).toMatchObject({
      error: { code: 'key.agent', mend: 'Run: ssh-add KEY' },
    });
    await expect(signer.sign(Buffer.from('x'))).rejects.toThrow();
    expect(await createAgentSigner({ certificatePem, socket: at('nowhere') })).toMatchObject({
      error: { code: 'key.agent' },
    });
  });

  it.each([
    ['by-comment', ['-t', 'ed25519', '-C', 'alice@laptop'], 'alice@laptop'],
    ['by-comment-rsa', ['-t', 'rsa', '-b', '2048', '-C', 'alice@card'], 'alice@card'],
  ])('asks for a certificate itself, found %s', async (name, kind, comment) => {
    await ssh('ssh-keygen', '-q', '-N', '', '-f', at(name), ...kind);
    await ssh('ssh-add', '-q', at(name));
    const key = unwrap(await findAgentKey(socket(), comment));
    const request = unwrap(await readSigningRequest(await requestForHeldKey({ role: 'person', name: 'alice' }, key)));
    expect(request).toMatchObject({ role: 'person', name: 'alice' });
    const certificatePem = await certify(authority, request.publicKey, { role: 'person', name: 'alice', validDays: 1 });
    expect((await createAgentSigner({ certificatePem, socket: socket() })).ok).toBe(true);
    const { stdout } = await ssh('ssh-keygen', '-l', '-f', `${at(name)}.pub`);
    const fingerprint = stdout.split(' ')[1] ?? '';
    expect(unwrap(await findAgentKey(socket(), fingerprint)).publicKey.equals(key.publicKey)).toBe(true);
    expect(await findAgentKey(socket(), 'nobody')).toMatchObject({ error: { code: 'key.agent' } });
  });

  it('of a kind that messages are not signed with is refused', async () => {
    const certificatePem = await certified('ecdsa', '-t', 'ecdsa', '-b', '256');
    expect(await createAgentSigner({ certificatePem, socket: socket() })).toMatchObject({
      error: { code: 'certificate.untrusted' },
    });
    expect((await findAgentKey(socket(), new X509Certificate(certificatePem).publicKey)).ok).toBe(true);
  });
});
