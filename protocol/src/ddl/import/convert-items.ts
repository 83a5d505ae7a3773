import type { InputDefinition, OutputDefinition } from '../schema.ts';
import { validateInput } from '../validate-inputs.ts';
import { convertValidation } from './convert-validation.ts';
import type { ForeignItem } from './foreign-ddl.ts';
import { textWithin, type Warn } from './warnings.ts';

const inputTypes: Readonly<Record<string, InputDefinition['type']>> = {
  string: 'string',
  integer: 'integer',
  int: 'integer',
  float: 'float',
  number: 'number',
  boolean: 'boolean',
  list: 'list',
  array: 'array',
  hash: 'hash',
};

const outputTypes: Readonly<Record<string, OutputDefinition['type']>> = {
  string: 'string',
  integer: 'integer',
  int: 'integer',
  float: 'float',
  number: 'number',
  boolean: 'boolean',
  list: 'array',
  array: 'array',
  hash: 'hash',
  any: 'any',
};

const inputProperties = new Set([
  'name',
  'prompt',
  'description',
  'type',
  'optional',
  'default',
  'validation',
  'maxlength',
  'list',
]);
const outputProperties = new Set(['name', 'description', 'display_as', 'type', 'default']);

type Json = NonNullable<InputDefinition['default']>;

function warnOfOthers(item: ForeignItem, known: ReadonlySet<string>, about: string, warn: Warn): void {
  for (const property of Object.keys(item)) if (!known.has(property)) warn(about, `${property} means nothing here`);
}

/** Value of the table under a name in any case; undefined where there is none. */
const named = <T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined => {
  const key = typeof name === 'string' ? name.toLowerCase() : '';
  return Object.hasOwn(table, key) ? table[key] : undefined;
};

function stringBounds(item: ForeignItem, about: string, warn: Warn): Pick<InputDefinition, 'validation' | 'maxlength'> {
  const { maxlength } = item;
  const bound = typeof maxlength === 'number' && Number.isSafeInteger(maxlength) && maxlength >= 0 ? maxlength : 0;
  if (bound !== maxlength) warn(about, 'no maxlength, so it may have any length');
  return { validation: convertValidation(item['validation'], about, warn), maxlength: bound };
}

function allowedValues(item: ForeignItem, about: string, warn: Warn): readonly string[] {
  const values: readonly unknown[] = Array.isArray(item['list']) ? item['list'] : [];
  if (values.some((value) => typeof value !== 'string')) warn(about, 'the values of the list are texts here');
  if (values.length === 0) warn(about, 'a list without values allows only the empty text');
  return values.length === 0
    ? ['']
    : values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}

/** One input. What cannot be carried over is told to `warn`. */
export function convertInput(item: ForeignItem, about: string, warn: Warn): InputDefinition {
  warnOfOthers(item, inputProperties, about, warn);
  const known = named(inputTypes, item['type']);
  if (known === undefined)
    warn(about, `the type ${JSON.stringify(item['type'] ?? null)} is not known here, taken as string`);
  const type = known ?? 'string';
  const input: InputDefinition = {
    type,
    prompt: textWithin(item['prompt'], 1000, { about, what: 'prompt', warn }, item.name),
    description: textWithin(item['description'], 1000, { about, what: 'description', warn }),
    optional: item['optional'] === true,
    sensitive: false,
    ...(type === 'string' ? stringBounds(item, about, warn) : {}),
    ...(type === 'list' ? { list: [...allowedValues(item, about, warn)] } : {}),
  };
  // JSON has no null default: MCollective writes it to say that there is none.
  const value = (item['default'] ?? undefined) as Json | undefined; // the foreign DDL holds nothing but JSON
  if (value === undefined) return input;
  if (validateInput(item.name, input, value).ok) return { ...input, default: value };
  warn(about, 'the default does not fit the input itself, left out');
  return input;
}

/** One output. What cannot be carried over is told to `warn`. */
export function convertOutput(item: ForeignItem, about: string, warn: Warn): OutputDefinition {
  warnOfOthers(item, outputProperties, about, warn);
  const type = named(outputTypes, item['type']);
  if (type === undefined && item['type'] !== undefined) {
    warn(about, `the type ${JSON.stringify(item['type'])} is not known here, taken as any`);
  }
  return {
    description: textWithin(item['description'], 1000, { about, what: 'description', warn }),
    display_as: textWithin(item['display_as'], 120, { about, what: 'display_as', warn }, item.name),
    type: type ?? 'any',
    ...(item['default'] === undefined ? {} : { default: item['default'] as Json | null }), // JSON, as above
  };
}
