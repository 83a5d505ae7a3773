import type { ResultRow } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { texts } from '../../texts/texts.ts';
import { boundedWidth, type GridColumn } from '../../ui/grid/columns.ts';

/** The columns that every run has; with a sign that no output begins with. */
export const resultColumnIds = {
  identity: '@identity',
  state: '@state',
  elapsed: '@elapsed',
  message: '@message',
} as const;

/** The most outputs that get a column of their own unasked. */
const outputColumns = 8;

/** An output that can be a column. */
export interface OutputColumn {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
}

/** Every output that there can be a column for: those that the action describes, then what else answers have been seen with. */
export function outputColumnsOf(action: ActionDefinition | null, outputs: readonly string[]): readonly OutputColumn[] {
  const described = Object.keys(action?.outputs ?? {});
  return [...described, ...outputs.filter((output) => !described.includes(output))].map((id) => ({
    id,
    title: action?.outputs[id]?.display_as ?? id,
    hint: action?.outputs[id]?.description ?? id,
  }));
}

/** Those that are columns unless a person chose others. */
export const usualOutputs = (all: readonly OutputColumn[]): ReadonlySet<string> =>
  new Set(all.slice(0, outputColumns).map(({ id }) => id));

const numberTypes: readonly (string | undefined)[] = ['integer', 'float', 'number'];

/** What the answers that are here are like. */
export interface AnswersAtHand {
  /** Outputs that hold lists or hashes. */
  readonly large: ReadonlySet<string>;
  /** Outputs that hold numbers and nothing else. */
  readonly numbers: ReadonlySet<string>;
  /** Whether any node said something. */
  readonly hasMessages: boolean;
}

/** The columns of a run's answers: node, state, time, then what the action answers with, then what the node said. */
export function resultColumns(
  action: ActionDefinition | null,
  outputs: readonly OutputColumn[],
  widths: Readonly<Record<string, number>>,
  answers: AnswersAtHand,
): readonly GridColumn[] {
  const width = (id: string, usual: number) => boundedWidth(widths[id] ?? usual);
  const isAnyLarge = outputs.some(({ id }) => answers.large.has(id));
  const isNumber = (id: string) => numberTypes.includes(action?.outputs[id]?.type) || answers.numbers.has(id);
  const usualWidth = (id: string) => {
    if (isNumber(id)) return 104;
    if (outputs.length > 3) return 140;
    return isAnyLarge && !answers.large.has(id) ? 120 : 200;
  };
  const words = texts.run;
  return [
    { id: resultColumnIds.identity, title: words.node, width: width(resultColumnIds.identity, 220), isSortable: true },
    { id: resultColumnIds.state, title: words.state, width: width(resultColumnIds.state, 130), isSortable: true },
    {
      id: resultColumnIds.elapsed,
      title: words.took,
      width: width(resultColumnIds.elapsed, 88),
      align: 'end',
      isSortable: true,
    },
    ...outputs.map(({ id, title, hint }) => ({
      id,
      title,
      hint,
      width: width(id, usualWidth(id)),
      isSortable: true,
      align: isNumber(id) ? ('end' as const) : ('start' as const),
      grows: answers.large.has(id),
    })),
    {
      id: resultColumnIds.message,
      title: words.message,
      width: width(resultColumnIds.message, answers.hasMessages ? 160 : 96),
      grows: answers.hasMessages || !isAnyLarge,
    },
  ];
}

/** What the columns need to know of the answers that are in memory. */
export function answersAtHand(rows: readonly ResultRow[]): AnswersAtHand {
  const large = new Set<string>();
  const numbers = new Set<string>();
  const others = new Set<string>();
  for (const { data } of rows) {
    for (const [output, value] of Object.entries(data)) {
      if (typeof value === 'object' && value !== null) large.add(output);
      if (typeof value === 'number') numbers.add(output);
      else if (value !== null) others.add(output);
    }
  }
  return {
    large,
    numbers: new Set([...numbers].filter((output) => !others.has(output))),
    hasMessages: rows.some(({ statusCode, statusMessage }) => statusCode !== 0 && statusMessage !== ''),
  };
}
