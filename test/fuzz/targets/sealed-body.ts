import assert from 'node:assert/strict';
import {
  encodeJson,
  finishFrame,
  limits,
  open,
  seal,
  startFrame,
  type Opened,
  type Signer,
} from '@muster/protocol/envelope';
import { unwrap, type Result } from '@muster/protocol/errors';
import type { Role } from '@muster/protocol/identity';
import { parseRegistration, parseReply, parseRequest } from '@muster/protocol/messages';
import { compressor, createSigner, createVerifier } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { goldenMessages, goldenNowMs } from '../material/frames.ts';
import { assertFault } from '../promises.ts';
import type { FuzzTarget } from '../target.ts';

/** The bytes as the body of a frame that is signed as it should be. */
async function signed(body: Uint8Array, compressed: boolean, signer: Signer): Promise<Uint8Array> {
  const { certificate, signatureBytes } = signer;
  const begun = startFrame({ compressed, certificate, body, signatureBytes });
  return finishFrame(begun, await signer.sign(begun));
}

const parsers = [parseRequest, parseReply, parseRegistration] as const;

/** Whether the body is a message; it can be one of one kind alone. */
function isMessage(opened: Opened): boolean {
  const results: readonly Result<unknown>[] = parsers.map((parse) => parse(opened));
  const taken = results.filter(({ ok }) => ok).length;
  assert.ok(taken <= 1, 'a message is of two kinds');
  for (const result of results) {
    if (!result.ok) assertFault(result.error, { codes: /^(message\.malformed|certificate\.role|sender\.mismatch)$/ });
  }
  return taken === 1;
}

export const openTarget = async (): Promise<FuzzTarget> => {
  const authority = await createAuthority({ name: 'Fuzzing', clock: () => goldenNowMs });
  const signerOf = async (role: Role, name: string) =>
    unwrap(await createSigner(await issueCertificate(authority, { role, name, validDays: 30 })));
  const [alice, node] = [await signerOf('person', 'alice'), await signerOf('node', 'web01.example.com')];
  const verifier = createVerifier({ caPem: authority.certificatePem });
  const plain = goldenMessages.map(({ message }) => Buffer.from(JSON.stringify(message)));

  return {
    about: 'What certified senders may send: any body, compressed or not, is opened and parsed, or refused by name.',
    maxBytes: limits.bodyBytes + 16,
    json: true,
    starts: [...plain, ...plain.map((body) => compressor.deflate(body))],
    async run(input) {
      const frames = [
        { signer: alice, bytes: await signed(input, false, alice) },
        { signer: node, bytes: await signed(input, false, node) },
        { signer: node, bytes: await signed(input, true, node) },
      ];
      for (const { signer, bytes } of frames) {
        const opened = await open(bytes, { verifier, compressor, nowMs: goldenNowMs });
        if (!opened.ok) {
          assertFault(opened.error, { codes: /^(frame\.(oversized|compression)|message\.malformed)$/ });
          continue;
        }
        if (!isMessage(opened.value)) continue;
        const anew = unwrap(await seal(opened.value.body, { signer, compressor }));
        const again = unwrap(await open(anew, { verifier, compressor, nowMs: goldenNowMs }));
        assert.deepEqual(encodeJson(again.body), encodeJson(opened.value.body), 'what is sealed anew is what it was');
      }
    },
  };
};
