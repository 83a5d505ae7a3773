import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { openAuditTrail } from '@muster/runtime/audit';
import { createSigner } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

let folder: string;
let file: string;
let caPem: string;
let certificatePem: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-audit-'));
  file = join(folder, 'audit.log');
  const authority = await createAuthority({ name: 'Test', clock: Date.now });
  const issued = await issueCertificate(authority, { role: 'node', name: 'web1', validDays: 1 });
  caPem = authority.certificatePem;
  certificatePem = issued.certificatePem;
  const signer = unwrap(await createSigner(issued));
  const trail = unwrap(await openAuditTrail({ file, signer, clock: () => 0, onFault: () => undefined }));
  await trail.append('request', { caller: 'cert=alice', agent: 'service', inputs: { text: '\u001b[31m' } });
  await trail.append('request', { caller: 'cert=bob', agent: 'package' });
  await trail.close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function muster(...args: string[]) {
  const world = memoryWorld({ files: { 'ca.pem': caPem, 'node.pem': certificatePem, 'other.txt': 'x' } });
  const code = await runMuster(['audit', ...args], world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

it('says that an audit is intact, and who wrote it', async () => {
  const { code, out } = await muster('verify', file, '--ca', 'ca.pem');
  expect(code).toBe(0);
  expect(out).toContain('Writer    node web1\n');
  expect(out).toContain('State     intact\n');
  expect(await muster('verify', file, '--certificate', 'node.pem')).toMatchObject({ code: 0 });
});

it('says so when nothing but the audit vouches for its writer', async () => {
  const { code, out } = await muster('verify', file);
  expect(code).toBe(0);
  expect(out).toContain('node web1, says the audit itself: check it with --ca or --certificate');
});

it('names the lines that were removed, as text and as JSON', async () => {
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.toSpliced(1, 1).join('\n'));
  const text = await muster('verify', file, '--ca', 'ca.pem');
  expect(text.code).toBe(1);
  expect(text.out).toContain('State     DAMAGED');
  expect(text.out).toContain(`${file}:2  removed: record 2 is missing before this line`);
  const json = await muster('verify', file, '--ca', 'ca.pem', '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    intact: false,
    writerChecked: true,
    writer: { role: 'node', name: 'web1' },
    records: 3,
    damage: [{ file, line: 2, kind: 'removed' }],
  });
});

it('refuses what it cannot read', async () => {
  const missing = await muster('verify', join(folder, 'missing.log'), '--json');
  expect(missing.code).toBe(1);
  expect(missing.out).toContain('audit.unreadable');
  expect((await muster('verify', file, '--ca', 'other.txt')).err).toContain(
    'other.txt: There is no certificate in PEM',
  );
  expect((await muster('verify', file, '--ca', 'ca.pem', '--certificate', 'node.pem')).code).toBe(1);
  expect((await muster('show', join(folder, 'missing.log'))).code).toBe(1);
});

it('shows the records that are asked for, safely', async () => {
  const { out } = await muster('show', file, '--kind', 'request');
  expect(out.split('\n')).toHaveLength(3);
  expect(out).toContain('1970-01-01T00:00:00.000Z  request  caller=cert=alice  agent=service');
  expect(out).not.toContain('\u001b');
  const alone = await muster('show', file, '--caller', 'cert=bob', '--json');
  expect(JSON.parse(alone.out)).toMatchObject({ seq: 3, caller: 'cert=bob', agent: 'package' });
});
