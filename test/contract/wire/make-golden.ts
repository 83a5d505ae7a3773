import { readFile, writeFile } from 'node:fs/promises';
import { seal } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { compressor, createSigner } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { goldenFile, goldenMessages, type GoldenWire } from './golden-messages.ts';

/** Writes the golden vectors anew, with new keys. Only for a new version of the wire: `node test/contract/wire/make-golden.ts`. */
const clock = () => Date.UTC(2026, 0, 1);
const authority = await createAuthority({ name: 'Golden authority', clock });
const frames: GoldenWire['frames'] = [];
for (const { name, role, holder, message } of goldenMessages) {
  const issued = await issueCertificate(authority, { role, name: holder, validDays: 3650 });
  const signer = unwrap(await createSigner(issued));
  const bytes = unwrap(await seal(message, { signer, compressor }));
  frames.push({ name, hex: Buffer.from(bytes).toString('hex') });
}
const golden: GoldenWire = {
  about: 'Frames of wire version 1. They must open for ever.',
  caPem: authority.certificatePem,
  frames,
};
await writeFile(goldenFile, `${JSON.stringify(golden, null, 2)}\n`);
process.stdout.write(`${(await readFile(goldenFile)).length} bytes\n`);
