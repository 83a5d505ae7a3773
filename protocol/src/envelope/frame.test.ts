import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachCertificate, decodeFrame, detachCertificate, finishFrame, startFrame } from './frame.ts';
import { decodeJson, encodeJson } from './json.ts';
import { limits } from './limits.ts';

const parts = fc.record({
  compressed: fc.boolean(),
  certificate: fc.uint8Array({ maxLength: 600 }),
  body: fc.uint8Array({ maxLength: 2000 }),
  signature: fc.uint8Array({ maxLength: 64 }),
});

const encode = ({
  signature,
  ...rest
}: {
  compressed: boolean;
  certificate: Uint8Array;
  body: Uint8Array;
  signature: Uint8Array;
}) => finishFrame(startFrame({ ...rest, signatureBytes: signature.length }), signature);

describe('a frame', () => {
  it('gives back what went in, and the bytes that were signed', () => {
    fc.assert(
      fc.property(parts, (frame) => {
        const bytes = encode(frame);
        const decoded = decodeFrame(bytes);
        expect(decoded).toMatchObject({ ok: true, value: frame });
        if (decoded.ok)
          expect(decoded.value.signedBytes).toEqual(bytes.subarray(0, bytes.length - frame.signature.length));
      }),
    );
  });

  it('comes back byte for byte from its certificate and the rest', () => {
    fc.assert(
      fc.property(parts, (frame) => {
        const bytes = encode(frame);
        const detached = detachCertificate(bytes);
        expect(detached.certificate).toEqual(frame.certificate);
        expect(detached.rest).toHaveLength(bytes.length - frame.certificate.length);
        expect(attachCertificate(detached)).toEqual(bytes);
      }),
    );
  });

  it('is refused when certificate and rest do not belong together', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (certificate, rest) => {
        expect(decodeFrame(attachCertificate({ certificate, rest })).ok).toBe(false);
      }),
    );
  });

  it('is refused by name wherever it is cut off', () => {
    fc.assert(
      fc.property(parts, fc.nat(), (frame, cut) => {
        const bytes = encode(frame);
        const decoded = decodeFrame(bytes.subarray(0, cut % bytes.length));
        expect(decoded).toMatchObject({ ok: false, error: { code: 'frame.truncated' } });
      }),
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeFrame(bytes)).toHaveProperty('ok');
      }),
    );
  });

  it('is refused with bytes too many, another version, unknown flags or too large', () => {
    const bytes = encode({
      compressed: false,
      certificate: new Uint8Array(3),
      body: new Uint8Array(3),
      signature: new Uint8Array(3),
    });
    const changed = (index: number, value: number) => bytes.map((byte, at) => (at === index ? value : byte));
    expect(decodeFrame(new Uint8Array([...bytes, 0]))).toMatchObject({ ok: false, error: { code: 'frame.malformed' } });
    expect(decodeFrame(changed(4, 2))).toMatchObject({ ok: false, error: { code: 'frame.version' } });
    expect(decodeFrame(changed(5, 2))).toMatchObject({ ok: false, error: { code: 'frame.malformed' } });
    expect(decodeFrame(changed(0, 0))).toMatchObject({ ok: false, error: { code: 'frame.malformed' } });
    expect(decodeFrame(changed(6, 255))).toMatchObject({ ok: false, error: { code: 'frame.oversized' } });
    expect(decodeFrame(new Uint8Array(limits.frameBytes + 1))).toMatchObject({
      ok: false,
      error: { code: 'frame.oversized' },
    });
  });
});

describe('a body', () => {
  it('gives back any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json);
        expect(decodeJson(encodeJson(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('is refused when it nests too deep, counted without recursion', () => {
    const nested = (depth: number) => new TextEncoder().encode('['.repeat(depth) + ']'.repeat(depth));
    expect(decodeJson(nested(limits.jsonDepth))).toMatchObject({ ok: true });
    expect(decodeJson(nested(limits.jsonDepth + 1))).toMatchObject({ ok: false, error: { code: 'message.malformed' } });
    expect(decodeJson(nested(500_000))).toMatchObject({ ok: false, error: { code: 'message.malformed' } });
    expect(decodeJson(encodeJson('[[[['.repeat(100)))).toMatchObject({ ok: true });
  });

  it('is refused when it is not UTF-8 or not JSON', () => {
    expect(decodeJson(new Uint8Array([0xff, 0xfe]))).toMatchObject({ ok: false, error: { code: 'message.malformed' } });
    expect(decodeJson(new TextEncoder().encode('{"a":'))).toMatchObject({
      ok: false,
      error: { code: 'message.malformed' },
    });
  });
});
