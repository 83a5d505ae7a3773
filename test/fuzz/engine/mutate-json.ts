import { integer, type Random } from '../../../build/src/fleet/seeded-random.ts';
import { oddDepths, type Material } from './mutate.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Edit = (value: Json) => Json;

/** Keys that plain objects have meanings of their own for. */
const oddKeys = ['__proto__', 'constructor', 'toString', 'length', ''];

const isHash = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Json; // whatever JSON.parse gives is of this type
  } catch {
    return undefined;
  }
}

const anyWord = ({ random, words }: Material): string => words[Math.floor(random() * words.length)] ?? '';

function anyKey(material: Material): string {
  const { random } = material;
  return random() < 0.1 ? (oddKeys[integer(random, 0, oddKeys.length - 1)] ?? '') : anyWord(material);
}

function oddValue(material: Material): Json {
  const { random } = material;
  const numbers = [0, -1, 1, 0.5, 64, 65, 255, 65_536, 2 ** 31, 2 ** 53, 1e308, -1e-7];
  switch (integer(random, 0, 9)) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
    case 3:
      return numbers[integer(random, 0, numbers.length - 1)] ?? 0;
    case 4:
      return '';
    case 5:
      return anyWord(material).repeat(integer(random, 2, 300));
    case 6:
      return [];
    case 7:
      return {};
    default:
      return anyWord(material);
  }
}

/** A value somewhere inside, near the top or far down. */
function anyPart(value: Json, random: Random): Json {
  const parts = Array.isArray(value) ? value : isHash(value) ? Object.values(value) : [];
  const part = parts[Math.floor(random() * parts.length)];
  return part === undefined || random() < 0.2 ? value : anyPart(part, random);
}

/** Changes what stands somewhere inside. */
function editSomewhere(value: Json, random: Random, edit: Edit): Json {
  if (random() < 0.15) return edit(value);
  if (Array.isArray(value) && value.length > 0) {
    const at = integer(random, 0, value.length - 1);
    return value.with(at, editSomewhere(value[at] ?? null, random, edit));
  }
  const entries = isHash(value) ? Object.entries(value) : [];
  const at = integer(random, 0, entries.length - 1);
  if (entries[at] === undefined) return edit(value);
  const [key, member] = entries[at];
  return Object.fromEntries(entries.with(at, [key, editSomewhere(member, random, edit)]));
}

/** A character more, less or other. */
function editText(text: string, material: Material): string {
  const { random } = material;
  const at = integer(random, 0, text.length);
  const inner =
    random() < 0.4 ? anyWord(material) : String.fromCharCode(integer(random, 1, random() < 0.8 ? 126 : 0xffff));
  return text.slice(0, at) + (random() < 0.3 ? '' : inner) + text.slice(at + integer(random, 0, 2));
}

function takeOut(value: Json, random: Random): Json {
  if (Array.isArray(value)) return value.toSpliced(integer(random, 0, value.length), 1);
  if (!isHash(value)) return null;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.toSpliced(integer(random, 0, entries.length - 1), 1));
}

function putIn(value: Json, material: Material, part: Json): Json {
  if (Array.isArray(value)) return [...value, part];
  return isHash(value) ? Object.fromEntries([...Object.entries(value), [anyKey(material), part]]) : [value, part];
}

/** The value within lists or hashes, these within others, and so on. */
function nested(value: Json, random: Random): Json {
  let outer = value;
  const depth = oddDepths[integer(random, 0, oddDepths.length - 1)] ?? 2;
  const inList = random() < 0.5;
  for (let level = 0; level < depth; level++) outer = inList ? [outer] : { a: outer };
  return outer;
}

function rename(value: Json, material: Material): Json {
  if (!isHash(value)) return oddValue(material);
  const entries = Object.entries(value);
  const at = integer(material.random, 0, entries.length - 1);
  return Object.fromEntries(entries.map(([key, member], index) => [index === at ? anyKey(material) : key, member]));
}

function anyEdit(material: Material, donor: Json): Edit {
  const { random } = material;
  switch (integer(random, 0, 7)) {
    case 0:
      return (value) => (typeof value === 'string' ? editText(value, material) : oddValue(material));
    case 1:
      return (value) => (typeof value === 'number' ? value + integer(random, -2, 2) : oddValue(material));
    case 2:
      return () => anyPart(donor, random);
    case 3:
      return (value) => takeOut(value, random);
    case 4:
      return (value) => putIn(value, material, random() < 0.5 ? anyPart(donor, random) : oddValue(material));
    case 5:
      return (value) => rename(value, material);
    case 6:
      return (value) => (random() < 0.3 ? nested(value, random) : oddValue(material));
    default:
      return () => oddValue(material);
  }
}

/** The input with some of its values changed as JSON; undefined when it is none, or nests too deep for that. */
export function mutateJson(input: Uint8Array, material: Material): Uint8Array | undefined {
  const { random } = material;
  let value = parse(input);
  if (value === undefined) return undefined;
  const donor = parse(material.other()) ?? value;
  try {
    for (let count = integer(random, 1, 4); count > 0; count--) {
      value = editSomewhere(value, random, anyEdit(material, donor));
    }
    return Buffer.from(JSON.stringify(value));
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
