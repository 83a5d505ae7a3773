import { readFileSync } from 'node:fs';
import type { DataAnswer, FilterNode } from '@muster/protocol/filter';

interface Vectors {
  readonly node: Omit<FilterNode, 'data'> & {
    readonly data: Record<string, Record<string, Record<string, string | number | boolean>>>;
  };
  readonly cases: readonly { readonly args: readonly string[]; readonly expect: boolean | 'error' }[];
}

const file = new URL('../../golden/filter-cases.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors; // the file is ours and has this shape

/** The node that the golden filters are about. */
export const anyNode: FilterNode = {
  ...vectors.node,
  data(plugin, argument): DataAnswer {
    const answers = vectors.node.data[plugin];
    return answers === undefined ? { known: false } : { known: true, outputs: answers[argument] ?? {} };
  },
};

/** Filters as they are typed, out of the golden ones. */
export const goodFilters: readonly string[] = vectors.cases.flatMap(({ args: [flag, text], expect }) =>
  flag === '-S' && text !== undefined && expect !== 'error' ? [text] : [],
);
