import assert from 'node:assert/strict';
import { decodeFrame, finishFrame, limits, open, startFrame } from '@muster/protocol/envelope';
import { compressor, createVerifier } from '@muster/runtime/crypto';
import { goldenAuthorityPem, goldenFrames, goldenNowMs } from '../material/frames.ts';
import { assertFault } from '../promises.ts';
import type { FuzzTarget } from '../target.ts';

export const openTarget = (): FuzzTarget => {
  const verifier = createVerifier({ caPem: goldenAuthorityPem });
  return {
    about: 'What the broker brings: taken apart or refused by name; nothing opens but what was signed.',
    maxBytes: limits.frameBytes + 16,
    starts: goldenFrames,
    async run(input) {
      const frame = decodeFrame(input);
      if (frame.ok) {
        const { compressed, certificate, body, signature } = frame.value;
        const begun = startFrame({ compressed, certificate, body, signatureBytes: signature.length });
        assert.deepEqual(Buffer.from(finishFrame(begun, signature)), Buffer.from(input), 'a frame has one form alone');
      }
      const opened = await open(input, { verifier, compressor, nowMs: goldenNowMs });
      if (!opened.ok) {
        assertFault(opened.error, { codes: /^(frame|certificate|signature)\./ });
        return;
      }
      const genuine = goldenFrames.some((known) => Buffer.compare(known, input) === 0);
      assert.ok(genuine, 'a frame opened that nobody signed');
    },
  };
};
