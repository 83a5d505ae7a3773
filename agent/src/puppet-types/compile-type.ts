import { fail, ok, unwrap, MusterError, type Result } from '@muster/protocol/errors';
import { compileRegex, regexMatcher } from '@muster/protocol/filter';
import { parseType, type TypeArgument, type TypeNode } from './parse-type.ts';

/** Whether a JSON value is of the type. */
export type TypeTest = (value: unknown) => boolean;

/** A type that values can be tried with. */
export interface CompiledType {
  readonly accepts: TypeTest;
  /** Whether a parameter of the type may be left out. */
  readonly isOptional: boolean;
  /** Whether the value is a secret. */
  readonly isSensitive: boolean;
}

const broken = (type: TypeNode): MusterError =>
  new MusterError({ code: 'config.syntax', message: `The type ${type.name} cannot have such parameters` });

const isText: TypeTest = (value) => typeof value === 'string';
const isNumber: TypeTest = (value) => typeof value === 'number';
const isBoolean: TypeTest = (value) => typeof value === 'boolean';
const isUndef: TypeTest = (value) => value === null || value === undefined;
const isScalar: TypeTest = (value) => isText(value) || isNumber(value) || isBoolean(value);
const isHash = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Bounds as `[min, max]`, each a number or `default`. */
function range(type: TypeNode, args: readonly TypeArgument[]): (value: number) => boolean {
  if (args.length > 2) throw broken(type);
  const [min = -Infinity, max = Infinity] = args.map((arg, index) => {
    if (arg.kind === 'number') return arg.value;
    if (arg.kind !== 'default') throw broken(type);
    return index === 0 ? -Infinity : Infinity;
  });
  return (value) => value >= min && value <= max;
}

const onlyTypes = (type: TypeNode): readonly TypeTest[] =>
  type.args.map((arg) => {
    if (arg.kind !== 'type') throw broken(type);
    return compile(arg);
  });

const texts = (type: TypeNode): readonly string[] =>
  type.args.map((arg) => {
    if (arg.kind !== 'text') throw broken(type);
    return arg.value;
  });

/** The types that stand first among the arguments, and the bounds behind them. */
function typesAndRange(type: TypeNode): {
  readonly types: readonly TypeTest[];
  readonly fits: (size: number) => boolean;
} {
  const first = type.args.findIndex(({ kind }) => kind !== 'type');
  const count = first < 0 ? type.args.length : first;
  return {
    types: onlyTypes({ ...type, args: type.args.slice(0, count) }),
    fits: range(type, type.args.slice(count)),
  };
}

/** The one type that another one wraps, or a text that stands for itself. */
function wrapped(type: TypeNode): TypeTest {
  const [arg, ...rest] = type.args;
  if (rest.length > 0) throw broken(type);
  if (arg === undefined) return () => true;
  if (arg.kind === 'text') return (value) => value === arg.value;
  if (arg.kind !== 'type') throw broken(type);
  return compile(arg);
}

function struct(type: TypeNode): TypeTest {
  const [hash, ...rest] = type.args;
  if (hash?.kind !== 'hash' || rest.length > 0) throw broken(type);
  const members = new Map(
    hash.entries.map(([key, member]) => {
      if (member.kind !== 'type') throw broken(type);
      const name = key.kind === 'type' ? key.args[0] : key;
      if (name?.kind !== 'text') throw broken(type);
      const isOptional = key.kind === 'type' ? key.name === 'Optional' : member.name === 'Optional';
      return [name.value, { accepts: compile(member), isOptional }] as const;
    }),
  );
  return (value) =>
    isHash(value) &&
    Object.keys(value).every((key) => members.has(key)) &&
    [...members].every(([key, { accepts, isOptional }]) =>
      Object.hasOwn(value, key) ? accepts(value[key]) : isOptional,
    );
}

function tuple(type: TypeNode): TypeTest {
  const { types, fits } = typesAndRange(type);
  const isSized = type.args.length > types.length;
  return (value) =>
    Array.isArray(value) &&
    (isSized ? fits(value.length) : value.length === types.length) &&
    value.every((element, index) => types[Math.min(index, types.length - 1)]?.(element) ?? false);
}

const isData: TypeTest = (value) =>
  isScalar(value) || isUndef(value) || (Array.isArray(value) ? value.every(isData) : isHash(value));

/** The types that are known, by name. */
const builders: Readonly<Record<string, (type: TypeNode) => TypeTest>> = {
  Any: () => () => true,
  Data: () => isData,
  RichData: () => isData,
  Scalar: () => isScalar,
  ScalarData: () => isScalar,
  Numeric: () => isNumber,
  Undef: () => isUndef,
  Boolean: (type) => {
    const [arg] = type.args;
    return arg?.kind === 'boolean' ? (value) => value === arg.value : isBoolean;
  },
  String: (type) => {
    const fits = range(type, type.args);
    return (value) => typeof value === 'string' && fits(Array.from(value).length);
  },
  Integer: (type) => {
    const fits = range(type, type.args);
    return (value) => Number.isInteger(value) && fits(Number(value));
  },
  Float: (type) => {
    const fits = range(type, type.args);
    // JSON has one kind of number: 1.0 arrives as 1.
    return (value) => typeof value === 'number' && fits(value);
  },
  Enum: (type) => {
    const allowed = new Set<unknown>(texts(type));
    return (value) => allowed.has(value);
  },
  Pattern: (type) => {
    const tests = type.args.map((arg) => {
      if (arg.kind !== 'regex' && arg.kind !== 'text') throw broken(type);
      // `^` and `$` mean lines in Puppet.
      return unwrap(compileRegex(regexMatcher(arg.kind === 'regex' ? arg.source : arg.value, 'm')));
    });
    return (value) => typeof value === 'string' && tests.some((test) => test(value));
  },
  Optional: (type) => {
    const inner = wrapped(type);
    return (value) => isUndef(value) || inner(value);
  },
  NotUndef: (type) => {
    const inner = wrapped(type);
    return (value) => !isUndef(value) && inner(value);
  },
  Sensitive: wrapped,
  Variant: (type) => {
    const tests = onlyTypes(type);
    return (value) => tests.some((test) => test(value));
  },
  Array: (type) => {
    const { types, fits } = typesAndRange(type);
    const [element = isData] = types;
    return (value) => Array.isArray(value) && fits(value.length) && value.every((item) => element(item));
  },
  Hash: (type) => {
    const { types, fits } = typesAndRange(type);
    const [key = isScalar, member = isData] = types;
    return (value) =>
      isHash(value) &&
      fits(Object.keys(value).length) &&
      Object.entries(value).every(([name, item]) => key(name) && member(item));
  },
  Collection: () => (value) => Array.isArray(value) || isHash(value),
  Tuple: tuple,
  Struct: struct,
};

function compile(type: TypeNode): TypeTest {
  const builder = Object.hasOwn(builders, type.name) ? builders[type.name] : undefined;
  if (builder === undefined) {
    throw new MusterError({ code: 'config.invalid', message: `The type ${type.name} is not known to Muster` });
  }
  return builder(type);
}

/** Whether the type, or one that it wraps, has that name. */
function wears(type: TypeNode, name: string): boolean {
  const [inner] = type.args;
  return (
    type.name === name ||
    (['Optional', 'Sensitive', 'NotUndef'].includes(type.name) && inner?.kind === 'type' && wears(inner, name))
  );
}

/**
 * A Puppet type, for values of JSON. Errors: `config.syntax` for what is no type, `config.invalid` for types that are not
 * known, `filter.regex` for patterns that RE2 does not have.
 */
export function compileType(text: string): Result<CompiledType> {
  const parsed = parseType(text);
  if (!parsed.ok) return parsed;
  try {
    const type = parsed.value;
    const accepts = compile(type);
    return ok({ accepts, isOptional: accepts(undefined), isSensitive: wears(type, 'Sensitive') });
  } catch (thrown) {
    if (thrown instanceof MusterError) return fail(thrown.code, thrown.message);
    throw thrown;
  }
}
