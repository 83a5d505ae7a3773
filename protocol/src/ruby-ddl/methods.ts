import { RubyRefusal } from './refusal.ts';
import {
  inspect,
  isArray,
  isSame,
  isTrue,
  madeElements,
  madeText,
  RubyHash,
  RubyRegex,
  RubySymbol,
  toText,
  type RubyValue,
} from './values.ts';

/** A block as methods call it. */
export type RunBlock = (args: readonly RubyValue[]) => RubyValue;

/** A call of a method, with its arguments read by kind. */
export interface MethodCall {
  readonly name: string;
  readonly args: readonly RubyValue[];
  readonly block: RunBlock | undefined;
  readonly at: number;
}

type Method<Receiver> = (receiver: Receiver, call: MethodCall) => RubyValue;
type Methods<Receiver> = Readonly<Record<string, Method<Receiver>>>;

function refuse({ name, at }: MethodCall, what: string): never {
  throw new RubyRefusal(`${name} ${what}`, at);
}
const textArgument = (call: MethodCall, index: number): string => {
  const value = call.args[index];
  return typeof value === 'string' ? value : refuse(call, 'takes a text');
};
const blockOf = (call: MethodCall): RunBlock => call.block ?? refuse(call, 'takes a block');

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

/** Puts one text in place of another, all or the first of it. */
const substitute =
  (all: boolean): Method<string> =>
  (text, call) => {
    const [from] = call.args;
    if (typeof from !== 'string') return refuse(call, 'takes two texts here');
    const to = textArgument(call, 1);
    return madeText(all ? text.split(from).join(to) : text.replace(from, () => to), call.at);
  };

const textMethods: Methods<string> = {
  capitalize: (text) => capitalize(text),
  upcase: (text) => text.toUpperCase(),
  downcase: (text) => text.toLowerCase(),
  strip: (text) => text.trim(),
  lstrip: (text) => text.trimStart(),
  rstrip: (text) => text.trimEnd(),
  chomp: (text) => text.replace(/\r?\n$/, ''),
  chop: (text) => text.slice(0, -1),
  length: (text) => text.length,
  size: (text) => text.length,
  'empty?': (text) => text === '',
  'include?': (text, call) => text.includes(textArgument(call, 0)),
  'start_with?': (text, call) => call.args.some((_, index) => text.startsWith(textArgument(call, index))),
  'end_with?': (text, call) => call.args.some((_, index) => text.endsWith(textArgument(call, index))),
  gsub: substitute(true),
  sub: substitute(false),
  tr: (text, call) => {
    const [from, to] = [textArgument(call, 0), textArgument(call, 1)];
    if (from.length !== 1 || to.length > 1) refuse(call, 'takes single characters here');
    return text.replaceAll(from, () => to);
  },
  split: (text, call) =>
    call.args.length === 0
      ? text.split(/\s+/).filter((word) => word !== '')
      : madeElements(text.split(textArgument(call, 0)), call.at),
  to_sym: (text) => new RubySymbol(text),
  intern: (text) => new RubySymbol(text),
  to_i: (text) => Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? 0),
};

const symbolMethods: Methods<RubySymbol> = {
  to_sym: (symbol) => symbol,
  id2name: (symbol) => symbol.name,
  capitalize: (symbol) => new RubySymbol(capitalize(symbol.name)),
  upcase: (symbol) => new RubySymbol(symbol.name.toUpperCase()),
  downcase: (symbol) => new RubySymbol(symbol.name.toLowerCase()),
  length: (symbol) => symbol.name.length,
};

const arrayMethods: Methods<readonly RubyValue[]> = {
  each: (items, call) => {
    const run = blockOf(call);
    for (const item of items) run(isArray(item) ? item : [item]);
    return items;
  },
  each_with_index: (items, call) => {
    const run = blockOf(call);
    items.forEach((item, index) => run([item, index]));
    return items;
  },
  map: (items, call) => items.map((item) => blockOf(call)([item])),
  collect: (items, call) => items.map((item) => blockOf(call)([item])),
  select: (items, call) => items.filter((item) => isTrue(blockOf(call)([item]))),
  reject: (items, call) => items.filter((item) => !isTrue(blockOf(call)([item]))),
  'include?': (items, { args: [wanted = null] }) => items.some((item) => isSame(item, wanted)),
  join: (items, call) => madeText(items.map(toText).join(call.args.length === 0 ? '' : textArgument(call, 0)), call.at),
  sort: (items) => items.toSorted((a, b) => (toText(a) < toText(b) ? -1 : 1)),
  reverse: (items) => items.toReversed(),
  uniq: (items) => items.filter((item, index) => items.findIndex((other) => isSame(item, other)) === index),
  compact: (items) => items.filter((item) => item !== null),
  flatten: (items, call) =>
    madeElements(
      items.flatMap((item) => (isArray(item) ? item : [item])),
      call.at,
    ),
  first: (items) => items[0] ?? null,
  last: (items) => items.at(-1) ?? null,
  length: (items) => items.length,
  size: (items) => items.length,
  'empty?': (items) => items.length === 0,
  to_a: (items) => items,
  '[]': (items, call) => {
    const [index] = call.args;
    return typeof index === 'number' ? (items.at(index) ?? null) : refuse(call, 'takes a number');
  },
};

const eachPair: Method<RubyHash> = (hash, call) => {
  const run = blockOf(call);
  for (const pair of hash.entries()) run(pair);
  return hash;
};

const hashMethods: Methods<RubyHash> = {
  each: eachPair,
  each_pair: eachPair,
  '[]': (hash, { args: [key = null] }) => hash.get(key),
  fetch: (hash, call) => {
    const [key = null, otherwise] = call.args;
    return hash.has(key) ? hash.get(key) : (otherwise ?? refuse(call, `finds no ${inspect(key)}`));
  },
  keys: (hash) => hash.entries().map(([key]) => key),
  values: (hash) => hash.entries().map(([, value]) => value),
  merge: (hash, call) => {
    const [other] = call.args;
    return other instanceof RubyHash
      ? new RubyHash([...hash.entries(), ...other.entries()])
      : refuse(call, 'takes a hash');
  },
  'include?': (hash, { args: [key = null] }) => hash.has(key),
  'key?': (hash, { args: [key = null] }) => hash.has(key),
  'has_key?': (hash, { args: [key = null] }) => hash.has(key),
  'empty?': (hash) => hash.size === 0,
};

const commonMethods: Methods<RubyValue> = {
  to_s: (value) => toText(value),
  inspect: (value) => inspect(value),
  freeze: (value) => value,
  dup: (value) => value,
  'nil?': (value) => value === null,
};

/** The methods of a value's kind, bound to it. */
function methodOf(receiver: RubyValue, name: string): ((call: MethodCall) => RubyValue) | undefined {
  const find = <Receiver>(methods: Methods<Receiver>, value: Receiver) => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    return method === undefined ? undefined : (call: MethodCall) => method(value, call);
  };
  const common = find(commonMethods, receiver);
  if (common !== undefined) return common;
  if (typeof receiver === 'string') return find(textMethods, receiver);
  if (receiver instanceof RubySymbol) return find(symbolMethods, receiver);
  if (receiver instanceof RubyHash) return find(hashMethods, receiver);
  return isArray(receiver) ? find(arrayMethods, receiver) : undefined;
}

const kindOf = (value: RubyValue): string => {
  if (value === null) return 'nil';
  if (value instanceof RubySymbol) return 'a symbol';
  if (value instanceof RubyRegex) return 'a regular expression';
  if (value instanceof RubyHash) return 'a hash';
  if (typeof value === 'object') return isArray(value) ? 'an array' : 'a call';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
};

/** Calls one of the few methods that are known here. Throws {@link RubyRefusal} for all others. */
export function callMethod(receiver: RubyValue, call: MethodCall): RubyValue {
  const method = methodOf(receiver, call.name);
  if (method === undefined) {
    throw new RubyRefusal(`a DDL is read without the rest of Ruby: no ${call.name} of ${kindOf(receiver)}`, call.at);
  }
  return method(call);
}
