import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { verifyLines, longestLineBytes } from '@muster/client/evidence';
import { detachCertificate, seal } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { compressor, createSigner, fingerprintOf } from '@muster/runtime/crypto';
import { splitLines } from '@muster/runtime/files';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { sampleRun } from '../../support/client/storage-samples.ts';
import type { FuzzTarget } from '../target.ts';

const nowMs = Date.UTC(2026, 0, 1);
const runId = '0'.repeat(31) + '1';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export const openTarget = async (): Promise<FuzzTarget> => {
  const authority = await createAuthority({ name: 'Fuzz', clock: () => nowMs });
  const trust = { authorities: [new X509Certificate(authority.certificatePem)], revocations: undefined };
  const signerOf = async (role: 'person' | 'node', name: string) =>
    unwrap(await createSigner(await issueCertificate(authority, { role, name, validDays: 1 })));
  const [alice, web1] = [await signerOf('person', 'alice'), await signerOf('node', 'web1')];
  const fingerprints = [alice, web1].map(({ certificate }) => fingerprintOf(new X509Certificate(certificate)));
  const [byAlice = '', byWeb1 = ''] = fingerprints;
  const header = { collective: 'muster', issuedAtMs: nowMs, ttlMs: 1000, nonce: 'a'.repeat(32), requestId: runId };
  const call = { agent: 'rpcutil', action: 'ping' };
  const answer = {
    outcome: 'ok',
    statusCode: 0,
    statusMessage: 'OK',
    data: { pong: 1 },
    timings: { receivedAtMs: nowMs, startedAtMs: nowMs, finishedAtMs: nowMs },
  };
  const request = { protocol: 'muster.request.v1', sender: 'alice', caller: 'cert=alice', ...header, ...call };
  const asked = { ...request, inputs: {}, target: 'web1', filter: '', replyTo: null };
  const reply = { protocol: 'muster.reply.v1', sender: 'web1', ...header, ...call, ...answer };
  const restOf = async (message: unknown, signer: typeof alice): Promise<string> =>
    base64(detachCertificate(unwrap(await seal(message, { signer, compressor }))).rest);
  const row = { identity: 'web1', state: 'ok', arrival: 'on_time', elapsedMs: 1, arrivedAtMs: nowMs, ...answer };
  const lines = [
    { kind: 'evidence', format: 1, exportedAtMs: nowMs, version: '1', summary: sampleRun(runId), described: null },
    ...[alice, web1].map(({ certificate }, at) => ({
      kind: 'certificate',
      fingerprint: fingerprints[at],
      der: base64(certificate),
    })),
    { kind: 'request', identity: 'web1', signedBy: byAlice, rest: await restOf(asked, alice) },
    {
      kind: 'node',
      row: { ...row, signedBy: byWeb1 },
      reply: { signedBy: byWeb1, rest: await restOf(reply, web1) },
    },
  ];
  const before = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const sealing = { lines: lines.length, sha256: createHash('sha256').update(before).digest('hex') };
  const signature = base64(await alice.sign(Buffer.from(`muster evidence 1\n${sealing.lines}\n${sealing.sha256}\n`)));
  const sealLine = JSON.stringify({ kind: 'seal', ...sealing, signedBy: byAlice, signature });
  const good = Buffer.concat([before, Buffer.from(`${sealLine}\n`)]);
  return {
    about: 'A file of evidence that was changed or made up: only what was exported proves anything.',
    maxBytes: 16 * 1024,
    words: [
      '\n',
      '"kind":"seal"',
      '"kind":"node"',
      '"kind":"request"',
      '"kind":"certificate"',
      '"reply":null',
      '"rest":"',
    ],
    starts: [good, before, before.subarray(0, before.indexOf(0x0a) + 1), '{}\n', '\n'],
    async run(input) {
      const report = await verifyLines(splitLines([Buffer.from(input)], longestLineBytes), trust);
      assert.equal(report.verdict === 'proven', good.equals(input), 'only what was exported is proven');
      assert.ok(
        report.damage.every(({ message }) => message.length <= 301),
        'what is told is bounded',
      );
    },
    close: () => Promise.resolve(),
  };
};
