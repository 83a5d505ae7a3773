import { describe, expect, it } from 'vitest';
import { errorGuides } from '../errors/error-guide.ts';
import { formatWords as germanWords } from './de/format-words.ts';
import { formatWords as englishWords } from './en/format-words.ts';
import { catalogues } from './texts.ts';

/** What functions of texts may be given, in every combination: those that make no sense are told by the English text. */
const samples: readonly unknown[] = [0, 1, 2, 23, 'web7', 'finished', null, true, ['alpha', 'beta', 'gamma']];
/** What has to be in the German text when it is in the English one; `finished` is a state, which each names. */
const marks = ['23', 'web7', 'alpha', 'gamma'];
const isSenseless = /\b(?:undefined|NaN|null|object)\b/;

/** Words that are the same in both languages. */
const sameWords =
  'Agent, Argument, Broker, CPUs, Debug, Details, Export, Fatal, Filter, Info, Log, Name, OK, OS, Orange, Passphrase, Person, Plugin, Proxy, Release, Runalls, Slots, Software, Text, Version, optional';
/** Names, examples and signs. */
const noWords =
  'Apache License 2.0, CSV, HTML, JSON, Markdown, Muster, NDJSON, PDF, Puppet, alice, groups, settings.json, <, >, ≤, ≥, ≤ 30 min, ≤ 1 h, ≤ 6 h, ≤ 1 d';
const examples = ['web[01-20].example.com\ndb1.example.com, db2.example.com'];
/** Functions that only put together what they are given. */
const sameFunctions = [
  'texts.fleets.title',
  'texts.health.skew',
  'texts.notifications.noteTitle',
  'texts.reports.scope',
  'texts.rollout.share',
  'texts.runalls.slot',
  'texts.security.day',
  'texts.security.tester.policyOf',
];
const sameInBoth = [
  ...sameWords.split(', '),
  ...noWords.split(', '),
  ...examples,
  ...sameFunctions,
  'npm run demo',
  '~/alice.join',
];

interface Pair {
  readonly path: string;
  readonly english: unknown;
  readonly german: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Every text and function of both catalogues, side by side. The names of keys of the keyboard are no texts. */
function leaves({ path, english, german }: Pair): Pair[] {
  if (!isRecord(english) || !isRecord(german)) return [{ path, english, german }];
  expect(Object.keys(german), path).toEqual(Object.keys(english));
  return Object.keys(english)
    .filter((key) => key !== 'keys')
    .flatMap((key) => leaves({ path: `${path}.${key}`, english: english[key], german: german[key] }));
}

const combinations = (length: number): unknown[][] =>
  length === 0 ? [[]] : combinations(length - 1).flatMap((given) => samples.map((sample) => [...given, sample]));

type TextFunction = (...given: readonly unknown[]) => unknown;
const isFunction = (value: unknown): value is TextFunction => typeof value === 'function';

/** What a function says of values; null when they make no sense to it. */
function said(text: TextFunction, given: readonly unknown[]): string | null {
  try {
    const says = text(...given);
    return typeof says === 'string' && !isSenseless.test(says) ? says : null;
  } catch {
    return null;
  }
}

/** What both say of everything that makes sense to the English function. */
const sayings = (english: TextFunction, german: TextFunction) =>
  combinations(english.length).flatMap((given) => {
    const inEnglish = said(english, given);
    return inEnglish === null ? [] : [{ given, inEnglish, inGerman: said(german, given) }];
  });

const all = leaves({
  path: 'texts',
  english: { ...catalogues.en, errors: errorGuides.en, format: englishWords },
  german: { ...catalogues.de, errors: errorGuides.de, format: germanWords },
});
const functions = all.flatMap(({ path, english, german }) =>
  isFunction(english) && isFunction(german) ? [{ path, english, german }] : [],
);
const plain = all.filter(({ english }) => typeof english === 'string');

describe('the German catalogue', () => {
  it('has a text or a function wherever the English one has', () => {
    expect(all.length).toBeGreaterThan(1000);
    expect(all.filter(({ english, german }) => typeof english !== typeof german)).toEqual([]);
    expect(plain.length + functions.length).toBe(all.length);
  });

  it('leaves nothing empty that the English one says', () =>
    expect(plain.filter(({ english, german }) => (String(german).trim() === '') !== (english === ''))).toEqual([]));

  it.each(functions)('says as much: $path', ({ path, english, german }) => {
    const both = sayings(english, german);
    expect(both, path).not.toEqual([]);
    for (const { given, inEnglish, inGerman } of both) {
      const call = `${path}(${JSON.stringify(given)})`;
      expect(inGerman, `${call}: ${inEnglish}`).not.toBeNull();
      expect(inGerman === '', call).toBe(inEnglish === '');
      for (const mark of marks) {
        if (inEnglish.includes(mark)) expect(inGerman, call).toContain(mark);
      }
    }
  });

  it('is in German, but for what is the same in both languages', () => {
    const texts = plain.filter(({ english, german }) => english === german && english !== '');
    const sentences = functions.filter(({ english, german }) =>
      sayings(english, german).every(({ inEnglish, inGerman }) => inEnglish === inGerman),
    );
    const same = [...texts.map(({ german }) => String(german)), ...sentences.map(({ path }) => path)];
    expect([...new Set(same)].sort()).toEqual([...sameInBoth].sort());
  });
});
