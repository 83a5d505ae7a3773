import { ValueIndex } from './value-index.ts';
import { typeBit } from './value-types.ts';

/** Nodes in one segment: few enough to be written anew when one node changes, enough that a column is read in few pieces. */
export const segmentSize = 512;

export const segmentOf = (slot: number): number => Math.floor(slot / segmentSize);

/** A segment as the database has it. */
export interface StoredSegment {
  readonly dictionary: string;
  /**
   * Code 0 is no value, code n the n-th of the dictionary. Either one for each node, or, where few nodes have a value, pairs of place and
   * code; pairs are always fewer than {@link segmentSize} numbers. Numbers have 16 bits, little end first.
   */
  readonly codes: Buffer;
}

// Typed arrays have the byte order of the machine, and all that Muster runs on have the little end first.
const numbersIn = (bytes: Buffer): Uint16Array =>
  new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

/** The distinct values of a segment, the first with code 1. */
export const segmentValues = ({ dictionary }: StoredSegment): readonly unknown[] =>
  // Only this module's `encodeSegment` writes dictionaries.
  JSON.parse(dictionary) as readonly unknown[];

/** Calls `visit` for each place that has a value, with its code. */
export function eachCode({ codes }: StoredSegment, visit: (place: number, code: number) => void): void {
  const numbers = numbersIn(codes);
  if (numbers.length === segmentSize) {
    numbers.forEach((code, place) => {
      if (code !== 0) visit(place, code);
    });
    return;
  }
  for (let at = 0; at < numbers.length; at += 2) visit(numbers[at] ?? 0, numbers[at + 1] ?? 0);
}

/** The values of a segment by place. */
export function decodeSegment(stored: StoredSegment | undefined): unknown[] {
  const values = new Array<unknown>(segmentSize).fill(undefined);
  if (stored === undefined) return values;
  const dictionary = segmentValues(stored);
  eachCode(stored, (place, code) => {
    values[place] = dictionary[code - 1];
  });
  return values;
}

/** `types` are those of all values (see `typeBit`), `nodes` the places with a value other than null. */
export function encodeSegment(
  values: readonly unknown[],
): StoredSegment & { readonly types: number; readonly nodes: number } {
  const index = new ValueIndex();
  const dense = new Uint16Array(segmentSize);
  const pairs: number[] = [];
  let types = 0;
  let nodes = 0;
  for (const [place, value] of values.entries()) {
    if (value === undefined) continue;
    const code = index.codeOf(value);
    dense[place] = code;
    pairs.push(place, code);
    types |= typeBit(value);
    if (value !== null) nodes++;
  }
  const numbers = pairs.length < segmentSize ? Uint16Array.from(pairs) : dense;
  return { dictionary: JSON.stringify(index.values.slice(1)), codes: Buffer.from(numbers.buffer), types, nodes };
}
