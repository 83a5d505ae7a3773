import {
  regexMatcher,
  type Comparison,
  type Condition,
  type DataAnswer,
  type FilterExpression,
  type FilterNode,
  type NameMatcher,
} from '@muster/protocol/filter';
import fc from 'fast-check';

const words = [
  'web',
  'db',
  'eu',
  'apache',
  'role::web',
  'a.b',
  'linux',
  'Linux',
  'or',
  'not',
  'and',
  'all',
  'x y',
  'é',
];
const numbers = [
  '0',
  '1',
  '7',
  '07',
  '10',
  '9.5',
  '-3',
  '-3.25',
  '+4',
  '9007199254740993',
  '9007199254740992',
  '1e3',
  '100',
];
const oddities = [
  '',
  ' ',
  '/x/',
  '(a)',
  'a=b',
  '<5',
  '!',
  '"',
  "'",
  '\\',
  'a\\"b',
  'one\ntwo',
  '\t',
  '@all',
  '*',
  'true',
  'false',
];
const sources = [
  '^web',
  'x$',
  'a|b',
  'linux',
  '^\\d+$',
  '[0-9.]+',
  '.',
  'one.two',
  '/',
  '\\\\',
  '^$',
  'é',
  ' ',
  '^two$',
  "'",
  '(we)?b',
  '\\w{2,3}',
  '"',
];
const globs = [
  'web*',
  'web[1-20]',
  'web[01-20].eu',
  '*[0-9]',
  'w?b*',
  'db[1-3,7]',
  '[a-d]b*',
  '[!w]*',
  '*',
  '*.eu',
  'web[08-12]*',
  'x[123]',
];
const identities = ['web1', 'web7', 'web07', 'web07.eu', 'web20', 'web020', 'db3', 'db7', 'db8', 'x2', 'x', 'linux'];
const steps = [
  'os',
  'name',
  'a',
  'b',
  '0',
  '1',
  'a.b',
  'x y',
  'not',
  '__proto__',
  'constructor',
  'length',
  '\\',
  '"',
  'é-1',
];

const shortText = fc.oneof(fc.constantFrom(...words), fc.constantFrom(...numbers), fc.constantFrom(...oddities));
/** Texts for trees that are printed and parsed, but not evaluated. */
const anyText = fc.oneof(shortText, fc.string({ unit: 'binary', maxLength: 12 }));

const regexes = fc
  .tuple(fc.constantFrom(...sources), fc.constantFrom('', '', 'i', 'm', 's', 'im'))
  .map(([source, flags]) => regexMatcher(source, flags));

interface Pools {
  readonly text: fc.Arbitrary<string>;
}

function conditions({ text }: Pools): fc.Arbitrary<Condition> {
  const name = text.filter((one) => one !== '');
  const exact = name.map((one) => ({ kind: 'exact' as const, text: one }));
  const matcher: fc.Arbitrary<NameMatcher> = fc.oneof(exact, regexes);
  const comparison: fc.Arbitrary<Comparison> = fc.oneof(
    fc.record({ operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='), value: text }),
    fc.record({ operator: fc.constantFrom('=~', '!~'), value: regexes }),
  );
  const path = fc
    .array(fc.oneof(fc.constantFrom(...steps), name), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part) => part.replaceAll(/[\\.]/g, '\\$&')).join('.'));
  const call = fc.record(
    {
      plugin: fc.constantFrom('puppet', 'fstat', 'nosuch', 'not_x'),
      argument: text,
      output: fc.constantFrom('enabled', 'size', 'md5', 'nope', 'constructor'),
    },
    { requiredKeys: ['plugin', 'output'] },
  );
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(path, comparison).map(([one, rest]) => ({ kind: 'fact' as const, path: one, ...rest })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(call, comparison).map(([one, rest]) => ({ kind: 'data' as const, ...one, ...rest })),
    },
    { weight: 2, arbitrary: matcher.map((one) => ({ kind: 'class' as const, matcher: one })) },
    { weight: 1, arbitrary: matcher.map((one) => ({ kind: 'agent' as const, matcher: one })) },
    { weight: 1, arbitrary: matcher.map((one) => ({ kind: 'collective' as const, matcher: one })) },
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          matcher,
          fc.constantFrom(...identities).map((one) => ({ kind: 'exact' as const, text: one })),
          fc.constantFrom(...globs).map((pattern) => ({ kind: 'glob' as const, pattern })),
        )
        .map((one) => ({ kind: 'identity' as const, matcher: one })),
    },
  );
}

function filters(pools: Pools): fc.Arbitrary<FilterExpression> {
  const { filter } = fc.letrec<{ filter: FilterExpression }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
      { weight: 12, arbitrary: conditions(pools) },
      { weight: 1, arbitrary: fc.constant({ kind: 'all' as const }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('not' as const), operand: tie('filter') }) },
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constantFrom('and', 'or'),
          operands: fc.array(tie('filter'), { minLength: 2, maxLength: 4 }),
        }),
      },
    ),
  }));
  return filter;
}

/** Trees with any text in them. */
export const anyFilter = filters({ text: anyText });

/** Trees that have a fair chance to match {@link nodes}. */
export const likelyFilter = filters({ text: shortText });

const factValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    shortText,
    fc.constantFrom(...numbers),
    fc.constantFrom<unknown>(null, true, false, 0, 7, 10, -3, 9.5, 1e21, -3.25),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...steps), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const outputs = fc.dictionary(
  fc.constantFrom('enabled', 'size', 'md5'),
  fc.oneof(fc.boolean(), fc.constantFrom(0, 7, 10, -3, 9.5), shortText),
  { maxKeys: 3 },
);

/** Nodes with what {@link likelyFilter} asks about; sometimes without data plugins. */
export const nodes: fc.Arbitrary<FilterNode> = fc
  .record({
    identity: fc.constantFrom(...identities),
    collectives: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
    facts: fc.dictionary(fc.constantFrom(...steps, ...words, 'os.name'), factValue, { maxKeys: 8 }),
    classes: fc.array(shortText, { maxLength: 4 }),
    agents: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
    plugins: fc.dictionary(fc.constantFrom('puppet', 'fstat', 'not_x'), outputs, { maxKeys: 3 }),
    withData: fc.boolean(),
  })
  .map(({ plugins, withData, ...node }) => {
    const data = (plugin: string, argument: string): DataAnswer => {
      const found = plugins[plugin];
      if (found === undefined) return { known: false };
      return { known: true, outputs: argument === 'x y' ? {} : found };
    };
    return withData ? { ...node, data } : node;
  });

const pieces = [
  ' ',
  ' and ',
  ' or ',
  'not ',
  '!',
  '(',
  ')',
  '/',
  '/web/',
  '/^a/i',
  '/[/',
  'a',
  'b',
  'os',
  'web',
  'os.name',
  '.',
  '"',
  "'",
  '\\',
  '=',
  '==',
  '!=',
  '=~',
  '!~',
  '<',
  '>=',
  '=>',
  '=<',
  '7',
  '-3',
  '9.5',
  '@identity',
  '@agent',
  '@class=',
  '@all',
  'web[1-20]',
  '[',
  ']',
  '*',
  '?',
  'puppet()',
  "fstat('a')",
  '.size',
  'nosuch()',
  'true',
  'é',
  '\n',
  '$',
  'x y',
  'os=linux',
  'a=b',
  'apache',
  '@identity=web*',
  'puppet().enabled=true',
  'not',
  '\u{1F600}',
  '\uD800',
  '{1000}',
  ',',
];

/** Strings made of what the language is made of, mostly in no sensible order. */
export const junk = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);
