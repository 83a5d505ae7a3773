import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { open, seal } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { rolesByName } from '@muster/runtime/config';
import { compressor, createSigner, createVerifier, readCertificates } from '@muster/runtime/crypto';
import { openRevocations } from '@muster/runtime/revocations';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Certificates and lists that Debian's Puppet Server itself has made are believed by what agents and consoles believe with.

const run = promisify(execFile);
let folder: string;
const at = (name: string): string => join(folder, name);
const read = (name: string): Promise<string> => readFile(at(name), 'utf8');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-puppet-ca-'));
  const lines = ['[main]', 'certname = puppetserver.test', `ssldir = ${at('ssl')}`, `cadir = ${at('ca')}`];
  await writeFile(at('puppet.conf'), `${lines.join('\n')}\n`);
  await run('puppetserver', ['ca', 'setup', '--config', at('puppet.conf')]);
  const names = ['--certname', 'alice,web1.example.com', '--ca-client', '--force'];
  await run('puppetserver', ['ca', 'generate', '--config', at('puppet.conf'), ...names]);
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('as people and nodes by their names, and as nothing without', async () => {
  const caPem = await read('ssl/certs/ca.pem');
  const authorities = unwrap(readCertificates(caPem));
  const revocations = unwrap(await openRevocations({ file: at('ca/ca_crl.pem'), authorities, clock: Date.now }));
  const roleOf = rolesByName({ people: 'alice', nodes: '*.example.com' });
  const whoIs = async (name: string, verifier = createVerifier({ caPem, roleOf, revocations })) => {
    const [certificatePem, keyPem] = [await read(`ssl/certs/${name}.pem`), await read(`ssl/private_keys/${name}.pem`)];
    const signer = unwrap(await createSigner({ certificatePem, keyPem }));
    const bytes = unwrap(await seal({}, { signer, compressor }));
    const opened = await open(bytes, { verifier, compressor, nowMs: Date.now() });
    return opened.ok ? opened.value.principal : opened.error.code;
  };
  expect(await whoIs('alice')).toMatchObject({ role: 'person', name: 'alice' });
  expect(await whoIs('web1.example.com')).toMatchObject({ role: 'node', name: 'web1.example.com' });
  expect(await whoIs('puppetserver.test')).toBe('certificate.role');
  expect(await whoIs('alice', createVerifier({ caPem }))).toBe('certificate.role');
});
