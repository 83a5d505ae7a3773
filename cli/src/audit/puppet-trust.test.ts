import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { openAuditTrail } from '@muster/runtime/audit';
import { createSigner } from '@muster/runtime/crypto';
import { makePuppetAuthority, type PuppetAuthority } from '../../../test/support/puppet/puppet-authority.ts';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-puppet-audit-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(['rsa', 'ec'] as const)('an audit that a node of Puppet wrote with %s keys', (kind) => {
  let puppet: PuppetAuthority;
  let file: string;
  let home: string;
  let issued: ReturnType<PuppetAuthority['issue']>;

  beforeAll(async () => {
    puppet = makePuppetAuthority(join(folder, kind), kind);
    issued = puppet.issue('web1.example.com');
    [home, file] = [join(folder, kind), join(folder, kind, 'audit.log')];
    const signer = unwrap(await createSigner(issued));
    const trail = unwrap(await openAuditTrail({ file, signer, clock: Date.now, onFault: () => undefined }));
    unwrap(await trail.append('request', { agent: 'service' }));
    await trail.close();
    await writeFile(
      join(home, 'console.yaml'),
      `person: alice
broker: { urls: ['amqps://127.0.0.1:1'] }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key, people: alice, nodes: '*.example.com' }
`,
    );
  });

  async function verify(...args: string[]) {
    const files = { 'ca.pem': puppet.caPem, [join(home, 'ca.pem')]: puppet.caPem, 'node.pem': issued.certificatePem };
    const world = memoryWorld({ files });
    const code = await runMuster(['audit', 'verify', file, ...args], world.surroundings);
    return { code, out: world.stdout.text(), err: world.stderr.text() };
  }
  const proven = { code: 0, out: expect.stringContaining('Writer    node web1.example.com\n') as string, err: '' };

  it('is proven by the patterns of the home, or by those that are given', async () => {
    expect(await verify('--home', home)).toEqual(proven);
    expect(await verify('--ca', 'ca.pem', '--trust-nodes', '*.example.com', '--trust-people', 'alice')).toEqual(proven);
    const pattern = String.raw`/web\d+\.example\.com/`;
    expect(await verify('--certificate', 'node.pem', '--trust-nodes', pattern)).toEqual(proven);
  });

  it('is nobody’s without a pattern that fits, whatever a home says of other authorities', async () => {
    for (const more of [[], ['--trust-nodes', 'db*'], ['--home', home]]) {
      const { code, out } = await verify('--ca', 'ca.pem', ...more);
      expect(code).toBe(1);
      expect(out).toContain('nobody who is believed');
    }
  });

  it('is not verified by a pattern that cannot be understood', async () => {
    expect(await verify('--ca', 'ca.pem', '--trust-nodes', '/(/')).toMatchObject({ code: 1, out: '' });
  });
});
