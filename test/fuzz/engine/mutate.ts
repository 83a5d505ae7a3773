import { integer, type Random } from '../../../build/src/fleet/seeded-random.ts';
import { mutateJson } from './mutate-json.ts';

/** What mutations are made of. */
export interface Material {
  readonly random: Random;
  readonly words: readonly string[];
  /** Another input, to take parts from. */
  readonly other: () => Uint8Array;
  readonly maxBytes: number;
  readonly json: boolean;
}

type Mutation = (bytes: Uint8Array, material: Material) => Uint8Array;

const encoder = new TextEncoder();

/** Numbers at which something may change. */
const oddNumbers = [
  '0',
  '-0',
  '-1',
  '1',
  '2',
  '16',
  '64',
  '127',
  '128',
  '255',
  '256',
  '65535',
  '65536',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '1e308',
  '1e999',
  '0.1',
  '00',
  '99999999999999999999',
];
const oddBytes = [0x00, 0x01, 0x09, 0x0a, 0x0d, 0x1b, 0x20, 0x22, 0x27, 0x2f, 0x5c, 0x7f, 0x80, 0xc0, 0xed, 0xff];

const anyOf = <T>(random: Random, list: readonly T[], otherwise: T): T =>
  list[Math.floor(random() * list.length)] ?? otherwise;

/** A part that is likely to be short; `[start, end)`. */
function anyRange(random: Random, length: number): readonly [number, number] {
  const start = integer(random, 0, Math.max(0, length - 1));
  const longest = random() < 0.7 ? Math.min(16, length - start) : length - start;
  return [start, start + integer(random, 0, longest)];
}

function replace(bytes: Uint8Array, start: number, end: number, inner: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - start) + inner.length);
  result.set(bytes.subarray(0, start));
  result.set(inner, start);
  result.set(bytes.subarray(end), start + inner.length);
  return result;
}

const changeBit: Mutation = (bytes, { random }) => {
  const at = integer(random, 0, Math.max(0, bytes.length - 1));
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << integer(random, 0, 7)));
};

const changeByte: Mutation = (bytes, { random }) => {
  const at = integer(random, 0, Math.max(0, bytes.length - 1));
  return bytes.with(at, random() < 0.5 ? anyOf(random, oddBytes, 0) : integer(random, 0, 255));
};

const insertBytes: Mutation = (bytes, { random }) => {
  const at = integer(random, 0, bytes.length);
  const count = integer(random, 1, 8);
  const any = Uint8Array.from({ length: count }, () =>
    random() < 0.5 ? integer(random, 32, 126) : integer(random, 0, 255),
  );
  return replace(bytes, at, at, any);
};

const remove: Mutation = (bytes, { random }) => replace(bytes, ...anyRange(random, bytes.length), new Uint8Array());

const copyPart: Mutation = (bytes, { random }) => {
  const [start, end] = anyRange(random, bytes.length);
  const at = integer(random, 0, bytes.length);
  return replace(bytes, at, at, bytes.slice(start, end));
};

const insertWord: Mutation = (bytes, { random, words }) => {
  const at = integer(random, 0, bytes.length);
  return replace(bytes, at, at, encoder.encode(anyOf(random, words, ' ')));
};

const overwriteByWord: Mutation = (bytes, { random, words }) =>
  replace(bytes, ...anyRange(random, bytes.length), encoder.encode(anyOf(random, words, ' ')));

/** Another input's end behind our begin, or a part of it in the middle. */
const splice: Mutation = (bytes, { random, other }) => {
  const donor = other();
  const [start, end] =
    random() < 0.3 ? [integer(random, 0, donor.length), donor.length] : anyRange(random, donor.length);
  const at = integer(random, 0, bytes.length);
  const until = random() < 0.3 ? bytes.length : Math.min(bytes.length, at + (random() < 0.5 ? end - start : 0));
  return replace(bytes, at, until, donor.subarray(start, end));
};

/** Another number where digits stand. */
const changeNumber: Mutation = (bytes, { random }) => {
  const digits = [...Buffer.from(bytes).toString('latin1').matchAll(/-?\d+/g)];
  const found = anyOf(random, digits, undefined);
  if (found === undefined) return bytes;
  const number = random() < 0.5 ? anyOf(random, oddNumbers, '0') : String(Number(found[0]) + integer(random, -3, 3));
  return replace(bytes, found.index, found.index + found[0].length, encoder.encode(number));
};

/** Another number where one of two or four bytes may stand, its highest byte first. */
const changeLength: Mutation = (bytes, { random }) => {
  const size = random() < 0.5 ? 2 : 4;
  if (bytes.length < size) return bytes;
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const at = integer(random, 0, Math.min(bytes.length - size, 32));
  const now = size === 2 ? view.getUint16(at) : view.getUint32(at);
  const value = random() < 0.5 ? now + integer(random, -4, 4) : Number(anyOf(random, oddNumbers, '0'));
  if (size === 2) view.setUint16(at, value);
  else view.setUint32(at, value);
  return changed;
};

/** A part many times over: what grows worse than its input shows here. */
const repeatPart: Mutation = (bytes, { random, maxBytes }) => {
  const [start, end] = anyRange(random, bytes.length);
  const part = bytes.subarray(start, Math.max(end, start + 1));
  const most = Math.floor((maxBytes - bytes.length) / Math.max(1, part.length));
  const many = random() < 0.003 ? most : Math.min(most, integer(random, 2, 80));
  if (many < 2 || part.length === 0) return bytes;
  const run = new Uint8Array(part.length * many);
  for (let at = 0; at < run.length; at += part.length) run.set(part, at);
  return replace(bytes, start, start, run);
};

const brackets = [
  ['[', ']'],
  ['(', ')'],
  ['{', '}'],
  ['{"a":', '}'],
  ['[1,', ']'],
  ['not ', ''],
  ['? ', ''],
  ['- ', ''],
] as const;

/** Depths around bounds, and one that recursion does not survive. */
export const oddDepths: readonly number[] = [2, 3, 31, 32, 33, 47, 48, 60, 63, 64, 65, 100, 101, 2500];

/** A part within brackets, and these within brackets again. */
const nest: Mutation = (bytes, { random }) => {
  const [start, end] = anyRange(random, bytes.length);
  const [open, close] = anyOf(random, brackets, brackets[0]);
  const depth = anyOf(random, oddDepths, 2);
  const inner = Buffer.concat([
    Buffer.from(open.repeat(depth)),
    bytes.subarray(start, end),
    Buffer.from(close.repeat(depth)),
  ]);
  return replace(bytes, start, end, inner);
};

const mutations: readonly Mutation[] = [
  changeBit,
  changeByte,
  insertBytes,
  remove,
  remove,
  copyPart,
  insertWord,
  insertWord,
  overwriteByWord,
  overwriteByWord,
  splice,
  splice,
  changeNumber,
  changeLength,
  nest,
  repeatPart,
];

/** A variation of an input, never longer than `maxBytes`. */
export function mutate(input: Uint8Array, material: Material): Uint8Array {
  const { random, maxBytes } = material;
  if (material.json && random() < 0.6) {
    const varied = mutateJson(input, material);
    if (varied !== undefined) return varied.subarray(0, maxBytes);
  }
  let bytes = input;
  for (let count = random() < 0.4 ? 1 : 2 ** integer(random, 0, 3); count > 0; count--) {
    bytes = anyOf(random, mutations, remove)(bytes.length === 0 ? new Uint8Array(1) : bytes, material);
  }
  return bytes.length > maxBytes ? bytes.slice(0, maxBytes) : bytes;
}
