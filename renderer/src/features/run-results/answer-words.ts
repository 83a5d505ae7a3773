import { answerWords } from '@muster/protocol/answers';
import type { Counted, ResultRow } from '@muster/protocol/bridge';
import { joinPath, stepInto, splitPath } from '@muster/protocol/filter';
import { nodeStates } from '@muster/protocol/run';
import { texts } from '../../texts/texts.ts';
import type { Beginning, FilterWords } from '../filter-editor/filter-vocabulary.svelte.ts';

/** What every answer has, besides what the action answers with. */
const properties = ['state', 'status', 'message', 'elapsed', 'arrival', 'sender'] as const;

/** The most values that are proposed. */
const mostValues = 100;

/** What of the answers is in the window. */
export interface AnswersInWindow {
  readonly outputs: readonly string[];
  readonly loaded: readonly ResultRow[];
}

const propertyOf = (row: ResultRow, name: string): unknown => {
  if (name === 'message') return row.statusMessage;
  if (name === 'status') return row.statusCode;
  return name === 'arrival' ? row.arrival : undefined;
};

/** The words that filters over the answers of a run are made of; values are those of the answers that are in the window. */
export class AnswerWords implements FilterWords {
  readonly beginnings: readonly Beginning[] = ['not', '@identity'];
  readonly #answers: AnswersInWindow;

  constructor(answers: AnswersInWindow) {
    this.#answers = answers;
  }

  factPaths(): Promise<readonly Counted[]> {
    const outputs = this.#answers.outputs.map((output) => joinPath(['data', output]));
    return Promise.resolve([...outputs, ...properties].map((value) => ({ value, nodes: 0 })));
  }

  classes(): Promise<readonly Counted[]> {
    return Promise.resolve(answerWords.map((value) => ({ value, nodes: 0 })));
  }

  values(path: string): Promise<readonly Counted[]> {
    if (path === 'state') return Promise.resolve(nodeStates.map((value) => ({ value, nodes: 0 })));
    const [first = '', ...steps] = splitPath(path);
    const counts = new Map<string, number>();
    for (const row of this.#answers.loaded) {
      const value = first === 'data' ? stepInto(row.data, steps) : propertyOf(row, first);
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
      if (value === '') continue;
      const text = String(value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const found = [...counts].map(([value, nodes]) => ({ value, nodes }));
    return Promise.resolve(found.toSorted((a, b) => b.nodes - a.nodes).slice(0, mostValues));
  }

  describe(kind: 'fact' | 'class' | 'value', count: number): string {
    const words = texts.answerFilter.completions;
    return kind === 'value' ? (count === 0 ? '' : words.value(count)) : words[kind];
  }
}
