import { ok, type Result } from '@muster/protocol/errors';
import {
  compileCondition,
  printCondition,
  type Condition,
  type ConditionTest,
  type DataCondition,
} from '@muster/protocol/filter';
import type { NodeTable } from '../node-table.ts';
import type { Bits } from './bits.ts';
import type { ColumnCache } from './column-cache.ts';
import type { NameList } from './column-names.ts';

/** A condition that the inventory can answer. */
export type KnownCondition = Exclude<Condition, DataCondition>;

/** What is known of one condition so far: its verdict on each distinct value of its column, found when a node with the value is looked at. */
export interface ConditionAnswer {
  /** Those among `within` for which the condition holds. */
  select(within: Bits): Bits;
  /** Roughly how much is left to find out, as a number of comparisons of texts. */
  readonly cost: number;
}

/** Of a column of 50,000 values each takes 50 KiB. */
const remembered = 128;

/** How many comparisons of texts a search with a regular expression is worth. */
const regexCost = 10;

const listOf: Readonly<Record<'class' | 'agent' | 'collective', NameList>> = {
  class: 'classes',
  agent: 'agents',
  collective: 'collectives',
};

const unknown = 2;

/** Finds verdicts on values by code as they are asked for. */
class Verdicts implements ConditionAnswer {
  readonly #verdicts: Uint8Array;
  readonly #codeOf: (slot: number) => number;
  readonly #passes: (code: number) => boolean;
  readonly #unitCost: number;
  #missing: number;

  constructor(count: number, unitCost: number, codeOf: (slot: number) => number, passes: (code: number) => boolean) {
    this.#verdicts = new Uint8Array(count).fill(unknown);
    this.#missing = count;
    this.#unitCost = unitCost;
    this.#codeOf = codeOf;
    this.#passes = passes;
  }

  get cost(): number {
    return this.#missing * this.#unitCost;
  }

  select(within: Bits): Bits {
    const bits = new Uint32Array(within.length);
    for (let at = 0; at < within.length; at++) {
      let found = 0;
      for (let word = within[at] ?? 0; word !== 0; word &= word - 1) {
        const lowest = word & -word;
        const code = this.#codeOf(at * 32 + 31 - Math.clz32(lowest));
        const known = this.#verdicts[code] ?? 0;
        if (known === 1 || (known === unknown && this.#find(code))) found |= lowest;
      }
      bits[at] = found;
    }
    return bits;
  }

  #find(code: number): boolean {
    const passes = this.#passes(code);
    this.#verdicts[code] = passes ? 1 : 0;
    this.#missing--;
    return passes;
  }
}

/** A test of a list of names that looks at each name once, in however many lists it is. */
function anyName(fits: (name: string) => boolean): (names: readonly string[]) => boolean {
  const seen = new Map<string, boolean>();
  const test = (name: string) => {
    const known = seen.get(name);
    if (known !== undefined) return known;
    const answer = fits(name);
    seen.set(name, answer);
    return answer;
  };
  return (names) => names.some(test);
}

const everywhere: ConditionAnswer = { select: (within) => within, cost: 0 };

/** The conditions that were asked last, each with its verdicts: while somebody types, all but the last condition stay the same. */
export class ConditionAnswers {
  readonly #nodes: NodeTable;
  readonly #columns: ColumnCache;
  /** By condition, in order of use. */
  readonly #kept = new Map<string, { readonly test: ConditionTest; stamp: string; answer: ConditionAnswer }>();

  constructor(nodes: NodeTable, columns: ColumnCache) {
    this.#nodes = nodes;
    this.#columns = columns;
  }

  /** Errors: those of `compileCondition`. */
  of(condition: KnownCondition): Result<ConditionAnswer> {
    const key = printCondition(condition);
    const known = this.#kept.get(key);
    const compiled = known === undefined ? compileCondition(condition) : ok(known.test);
    if (!compiled.ok) return compiled;
    const test = compiled.value;
    const unitCost = 'matcher' in condition || typeof condition.value !== 'string' ? regexCost : 1;
    const source = this.#sourceOf(test, unitCost);
    const answer = known?.stamp === source.stamp ? known.answer : source.begin();
    this.#kept.delete(key);
    this.#kept.set(key, { test, stamp: source.stamp, answer });
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > remembered) this.#kept.delete(oldest);
    return ok(answer);
  }

  #sourceOf(test: ConditionTest, unitCost: number): { readonly stamp: string; readonly begin: () => ConditionAnswer } {
    if (test.subject === 'fact') {
      const { column, stamp } = this.#columns.fact(test.path);
      const { codes, values } = column;
      const passes = (code: number) => values[code] !== undefined && test.fits(values[code]);
      return { stamp, begin: () => new Verdicts(values.length, unitCost, (slot) => codes[slot] ?? 0, passes) };
    }
    if (test.everywhere) return { stamp: '', begin: () => everywhere };
    if (test.subject === 'identity') {
      const { lines } = this.#nodes;
      const passes = (slot: number) => test.fits(lines[slot]?.identity ?? '');
      return {
        stamp: String(lines.length),
        begin: () => new Verdicts(lines.length, unitCost, (slot) => slot, passes),
      };
    }
    const { column, stamp } = this.#columns.names(listOf[test.subject]);
    const { codes } = column;
    // Columns of names hold arrays of texts and nothing else.
    const lists = column.values as readonly (readonly string[] | undefined)[];
    const fits = anyName(test.fits);
    const passes = (code: number) => fits(lists[code] ?? []);
    return { stamp, begin: () => new Verdicts(lists.length, unitCost, (slot) => codes[slot] ?? 0, passes) };
  }
}
