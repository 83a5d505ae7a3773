import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { detachCertificate, seal } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { rolesByName } from '@muster/runtime/config';
import { compressor, createSigner, fingerprintOf, readCertificates } from '@muster/runtime/crypto';
import { makePuppetAuthority } from '../../../test/support/puppet/puppet-authority.ts';
import { MessageCheck } from './message-check.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-puppet-evidence-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(['rsa', 'ec'] as const)(
  'what a node of Puppet signed with %s keys is proven by names of nodes alone',
  async (kind) => {
    const puppet = makePuppetAuthority(join(folder, kind), kind);
    const signer = unwrap(await createSigner(puppet.issue('web1.example.com')));
    const frame = unwrap(await seal({ said: 'so' }, { signer, compressor }));
    const { certificate, rest } = detachCertificate(frame);
    const fingerprint = fingerprintOf(new X509Certificate(certificate));
    const authorities = unwrap(readCertificates(puppet.caPem));
    const opened = async (patterns: Parameters<typeof rolesByName>[0]) => {
      const check = new MessageCheck({ authorities, roleOf: rolesByName(patterns), revocations: undefined });
      unwrap(check.learn(fingerprint, certificate, fingerprint));
      return check.open(fingerprint, rest);
    };
    expect(await opened({ nodes: 'web*' })).toMatchObject({
      value: { principal: { role: 'node', name: 'web1.example.com' }, body: { said: 'so' } },
    });
    expect(await opened({ people: 'alice', nodes: 'db*' })).toMatchObject({ error: { code: 'certificate.role' } });
  },
);
