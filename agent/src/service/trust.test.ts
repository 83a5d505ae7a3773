import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { loadConfiguration } from '@muster/agent/configuration';
import { createSigner, createVerifier } from '@muster/runtime/crypto';
import { issueCertificate } from '@muster/runtime/pki';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { createAsker } from '../../../test/support/agent/asker.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { makePuppetAuthority } from '../../../test/support/puppet/puppet-authority.ts';
import { rolesByName } from '@muster/runtime/config';

const node = 'web1.example.com';
let bench: AgentBench;
let folder: string;

beforeEach(async () => {
  bench = await createAgentBench({ collectives: ['muster', 'eu'] });
  folder = await mkdtemp(join(tmpdir(), 'muster-trust-'));
});
afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

const audited = () => readAudit(join(bench.home.folder, 'nodes', node, 'state', 'audit.log'), 'rejected');

describe('an agent in a fleet with the certificates of Puppet', () => {
  it.each(['rsa', 'ec'] as const)('obeys people by their names, and nobody else (%s)', async (kind) => {
    const puppet = makePuppetAuthority(folder, kind);
    const { caPem } = puppet;
    const yaml = 'people: [alice, bob], nodes: "*.example.com"';
    await bench.start(node, { trust: { caPem, yaml, ...puppet.issue(node) } });
    const verifier = createVerifier({ caPem, roleOf: rolesByName({ people: 'alice', nodes: '*.example.com' }) });
    const askerAs = async (name: string, certname: string) => {
      const bus = bench.broker.connect();
      await Promise.resolve();
      const signer = unwrap(await createSigner(puppet.issue(certname)));
      return createAsker({ name, bus, signer, verifier, clock: Date.now });
    };
    const alice = await askerAs('alice', 'alice');
    expect(await alice.ask(node, { agent: 'rpcutil', action: 'ping' })).toMatchObject({ outcome: 'ok', sender: node });
    const other = await askerAs('web2.example.com', 'web2.example.com');
    await other.send(other.request({ target: node }));
    await eventually(async () => expect(await audited()).toMatchObject([{ code: 'certificate.role' }]));
  });

  it('does not start with a certificate that no pattern calls a node', async () => {
    const puppet = makePuppetAuthority(folder, 'ec');
    const trust = { caPem: puppet.caPem, yaml: 'people: "*"', ...puppet.issue(node) };
    expect(await loadConfiguration(await bench.home.addNode(node, { trust }), Date.now)).toMatchObject({
      error: { code: 'sender.mismatch' },
    });
  });

  it('does not start with a pattern that is none', async () => {
    const puppet = makePuppetAuthority(folder, 'ec');
    const trust = { caPem: puppet.caPem, yaml: 'people: "/(/"', ...puppet.issue(node) };
    expect(await loadConfiguration(await bench.home.addNode(node, { trust }), Date.now)).toMatchObject({
      error: { code: 'config.invalid', message: expect.stringContaining('people') as string },
    });
  });
});

describe('a certificate for one collective', () => {
  const limited = async (role: 'person' | 'node', name: string, collectives: readonly string[]) =>
    issueCertificate(bench.home.authority, { role, name, validDays: 1, collectives });

  it('of a person counts there alone', async () => {
    await bench.start(node, { yaml: 'collectives: [muster, eu]' });
    const signer = unwrap(await createSigner(await limited('person', 'alice', ['eu'])));
    const alice = await bench.askerAs('alice', signer);
    await alice.send(alice.request({ target: node, collective: 'muster' }));
    await eventually(async () => expect(await audited()).toMatchObject([{ code: 'certificate.collective' }]));
    await alice.send(alice.request({ target: node, collective: 'eu' }));
    await eventually(() => expect(alice.replies).toMatchObject([{ outcome: 'ok', collective: 'eu' }]));
  });

  it('of a node lets it be in no other', async () => {
    const trust = { caPem: bench.home.authority.certificatePem, ...(await limited('node', node, ['eu'])) };
    const inBoth = await bench.home.addNode(node, { trust, yaml: 'collectives: [eu, muster]' });
    expect(await loadConfiguration(inBoth, Date.now)).toMatchObject({
      error: { code: 'certificate.collective', message: expect.stringContaining('"muster"') as string },
    });
    const inOne = await bench.home.addNode('web1.example.com', { trust, yaml: 'collectives: [eu]' });
    expect((await loadConfiguration(inOne, Date.now)).ok).toBe(true);
  });
});
