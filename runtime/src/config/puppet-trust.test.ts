import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, seal, type Signer } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePuppetAuthority, type PuppetAuthority } from '../../../test/support/puppet/puppet-authority.ts';
import { compressor, createSigner, createVerifier, readCertificates } from '../crypto/index.ts';
import { openRevocations } from '../revocations/index.ts';
import { compileCertname, rolesByName } from './certnames.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-puppet-trust-'));
});
afterAll(() => rm(folder, { recursive: true }));

const trusted = { people: ['alice', 'ops-*'], nodes: String.raw`/(web|db)\d+\.example\.com/` };

describe.each(['rsa', 'ec'] as const)('certificates of a Puppet authority with %s keys', (kind) => {
  let puppet: PuppetAuthority;
  const signerOf = async (name: string) => unwrap(await createSigner(puppet.issue(name)));
  const whoSigned = async (
    signer: Signer,
    verifier = createVerifier({ caPem: puppet.caPem, roleOf: rolesByName(trusted) }),
  ) => {
    const bytes = unwrap(await seal({ hello: 'world' }, { signer, compressor }));
    const opened = await open(bytes, { verifier, compressor, nowMs: Date.now() });
    return opened.ok ? opened.value.principal : opened.error.code;
  };

  beforeAll(() => {
    puppet = makePuppetAuthority(join(folder, kind), kind);
  });

  it('sign messages, and their names tell people from nodes', async () => {
    expect(await whoSigned(await signerOf('alice'))).toMatchObject({ role: 'person', name: 'alice' });
    expect(await whoSigned(await signerOf('ops-carol'))).toMatchObject({ role: 'person', name: 'ops-carol' });
    expect(await whoSigned(await signerOf('web1.example.com'))).toMatchObject({
      role: 'node',
      name: 'web1.example.com',
    });
  });

  it('are nobody without a pattern that fits, or when both kinds fit', async () => {
    expect(await whoSigned(await signerOf('mail1.example.com'))).toBe('certificate.role');
    const carol = await signerOf('ops-dora');
    const both = rolesByName({ people: 'ops-*', nodes: '*' });
    expect(await whoSigned(carol, createVerifier({ caPem: puppet.caPem, roleOf: both }))).toBe('certificate.role');
    expect(await whoSigned(carol, createVerifier({ caPem: puppet.caPem }))).toBe('certificate.role');
  });

  it('are not believed in a changed message, nor from another authority', async () => {
    const signer = await signerOf('ops-emil');
    const bytes = Buffer.from(unwrap(await seal({ hello: 'world' }, { signer, compressor })));
    const verifier = createVerifier({ caPem: puppet.caPem, roleOf: rolesByName(trusted) });
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(await open(bytes, { verifier, compressor, nowMs: Date.now() })).toMatchObject({
      error: { code: 'signature.invalid' },
    });
    const other = makePuppetAuthority(join(folder, `other-${kind}`), kind);
    const foreign = unwrap(await createSigner(other.issue('alice')));
    expect(await whoSigned(foreign)).toBe('certificate.untrusted');
  });

  it("are taken back by Puppet's list, which is two: of the root, and of the authority that signs", async () => {
    const [stays, goes] = [await signerOf('ops-fritz'), await signerOf('ops-gerda')];
    puppet.revoke('ops-gerda');
    const file = join(folder, `${kind}.crl`);
    await writeFile(file, puppet.crlPem());
    const authorities = unwrap(readCertificates(puppet.caPem));
    const revocations = unwrap(await openRevocations({ file, authorities, clock: Date.now }));
    const verifier = createVerifier({ caPem: puppet.caPem, roleOf: rolesByName(trusted), revocations });
    expect(await whoSigned(stays, verifier)).toMatchObject({ name: 'ops-fritz' });
    expect(await whoSigned(goes, verifier)).toBe('certificate.revoked');
  });
});

describe('a pattern of names', () => {
  it.each([
    ['alice', 'alice', ['alice2', 'malice', 'Alice']],
    ['ops-*', 'ops-carol', ['xops-carol', 'ops']],
    ['/web\\d+/', 'web12', ['web', 'xweb1', 'web1.evil.example.com']],
    ['/a|b/', 'b', ['ab', 'bx']],
    ['/ALICE/i', 'alice', ['alice2']],
  ])('%s fits %s, the whole of it', (pattern, fits, others) => {
    const test = unwrap(compileCertname(pattern));
    expect(test(fits)).toBe(true);
    expect(others.filter(test)).toEqual([]);
  });

  it.each(['/(/', 'web[', '/a/x'])('that is broken, %s, is refused', (pattern) => {
    expect(compileCertname(pattern).ok).toBe(false);
  });
});
