import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap, type Fault } from '@muster/protocol/errors';
import { openAuditTrail, verifyAudit, type AuditReport, type AuditTrust } from '@muster/runtime/audit';
import { createSigner } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import type { FuzzTarget } from '../target.ts';

const nowMs = Date.UTC(2026, 0, 1);

export const openTarget = async (): Promise<FuzzTarget> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-fuzz-'));
  const file = join(folder, 'audit.log');
  const authority = await createAuthority({ name: 'Fuzz', clock: () => nowMs });
  const signer = unwrap(
    await createSigner(await issueCertificate(authority, { role: 'node', name: 'web1', validDays: 1 })),
  );
  const trust: AuditTrust = {
    kind: 'authorities',
    certificates: [new X509Certificate(authority.certificatePem)],
  };
  const bounds = { checkpointRecords: 2 };

  const onFault = ({ message }: Fault): void => assert.fail(message);

  /** Goes on with whatever the file holds, as an agent does. */
  async function write(): Promise<void> {
    const trail = unwrap(await openAuditTrail({ file, signer, clock: () => nowMs, bounds, onFault }));
    for (const number of [1, 2, 3]) unwrap(await trail.append('request', { number }));
    await trail.close();
  }

  const verify = async (): Promise<AuditReport> => unwrap(await verifyAudit([file], trust));

  await write();
  const good = await readFile(file);
  return {
    about:
      'An audit that was damaged or made up: verified, gone on with, and verified again; only what was written proves intact.',
    maxBytes: 16 * 1024,
    words: ['\n', '"seq":2', '"kind":"checkpoint"', '"kind":"opened"', ',"signature":"', '"previous":"'],
    starts: [good, good.subarray(0, good.indexOf(0x0a) + 1), '{}\n', '\n'],
    async run(input) {
      await writeFile(file, input);
      const { isIntact, notes } = await verify();
      const isOurs = good.subarray(0, input.length).equals(input);
      // Records without a signature behind them may be anybody's, and the report says so.
      const saysSo = notes.some(({ kind }) => kind === 'unsigned_end');
      assert.ok(isOurs || !isIntact || saysSo, 'what nobody signed proves intact');
      await write();
      const later = await verify();
      assert.equal(later.notes.filter(({ kind }) => kind === 'lost').length, 0, 'nothing is lost that had room');
      assert.ok(later.signed >= 2, 'what comes behind is signed');
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
};
