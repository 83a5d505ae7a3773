import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSegment, encodeSegment, segmentSize } from './segment.ts';

const value = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 7, '7', 'a', '[]'),
  fc.array(fc.constantFrom(1, 'x'), { maxLength: 2 }),
  fc.constant({ a: null }),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

describe('a segment', () => {
  it('gives back what went in, be it full or nearly empty', () => {
    const places = fc.oneof(
      fc.array(value, { maxLength: 20 }),
      fc.array(value, { minLength: segmentSize, maxLength: segmentSize }),
    );
    fc.assert(
      fc.property(places, (values) => {
        const whole = Array.from({ length: segmentSize }, (_, place) => values[place]);
        expect(decodeSegment(encodeSegment(whole))).toEqual(whole);
      }),
    );
  });

  it('holds as many distinct values as nodes', () => {
    const values = Array.from({ length: segmentSize }, (_, place) => `value ${place}`);
    const { nodes, codes } = encodeSegment(values);
    expect(nodes).toBe(segmentSize);
    expect(codes).toHaveLength(segmentSize * 2);
    expect(decodeSegment(encodeSegment(values))).toEqual(values);
  });

  it('is small where few nodes have a value, and does not count null', () => {
    const values = new Array<unknown>(segmentSize).fill(undefined);
    values[500] = 'x';
    values[501] = null;
    expect(encodeSegment(values)).toMatchObject({ nodes: 1, types: 1 });
    expect(encodeSegment(values).codes).toHaveLength(8);
  });
});
