import { deepestSteps, factColumnName } from './column-names.ts';

type Hash = Readonly<Record<string, unknown>>;

const isHash = (value: unknown): value is Hash => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A hash without its values: filters look at keys alone, and what is below has columns of its own. */
const keysOnly = (hash: Hash): Hash => Object.fromEntries(Object.keys(hash).map((key) => [key, null]));

const escaped = (step: string): string => (/[\\.]/.test(step) ? step.replaceAll(/[\\.]/g, '\\$&') : step);

function visitAll(hash: Hash, prefix: string, depth: number, visit: (column: string, value: unknown) => void): void {
  for (const [step, value] of Object.entries(hash)) {
    const column = prefix + escaped(step);
    if (!isHash(value) || depth === deepestSteps) visit(column, value);
    else {
      visit(column, keysOnly(value));
      visitAll(value, `${column}.`, depth + 1, visit);
    }
  }
}

/**
 * Calls `visit` for the column of each fact, hashes included, in which only keys are left: `{os: {family: 'Debian'}}` gives
 * `fact:os` with `{family: null}` and `fact:os.family` with `Debian`. Arrays stay whole, with all that is in them.
 */
export function flattenFacts(facts: Hash, visit: (column: string, value: unknown) => void): void {
  visitAll(facts, factColumnName(''), 1, visit);
}
