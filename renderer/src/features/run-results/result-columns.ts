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

/** What answers are like, as far as they were seen. */
export interface SeenAnswers {
  /** All outputs, in the order of their coming. */
  readonly outputs: ReadonlySet<string>;
  /** Outputs that hold lists or hashes. */
  readonly large: ReadonlySet<string>;
  /** Outputs that hold numbers. */
  readonly numbers: ReadonlySet<string>;
  /** Outputs that hold something else than numbers. */
  readonly others: ReadonlySet<string>;
  /** Whether any node said something. */
  readonly hasMessages: boolean;
}

export const noAnswers: SeenAnswers = {
  outputs: new Set(),
  large: new Set(),
  numbers: new Set(),
  others: new Set(),
  hasMessages: false,
};

const isLarge = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isOther = (value: unknown): boolean => typeof value !== 'number' && value !== null;
const hasMessage = ({ statusCode, statusMessage }: ResultRow): boolean => statusCode !== 0 && statusMessage !== '';

/** What is known with these answers too: the same object when they bring nothing new, so that nothing has to be drawn again. */
export function withAnswers(seen: SeenAnswers, rows: readonly ResultRow[]): SeenAnswers {
  const [outputs, large] = [new Set(seen.outputs), new Set(seen.large)];
  const [numbers, others] = [new Set(seen.numbers), new Set(seen.others)];
  for (const { data } of rows) {
    for (const [output, value] of Object.entries(data)) {
      outputs.add(output);
      if (isLarge(value)) large.add(output);
      if (isOther(value)) others.add(output);
      else if (value !== null) numbers.add(output);
    }
  }
  const hasMessages = seen.hasMessages || rows.some(hasMessage);
  const isKnown =
    outputs.size === seen.outputs.size &&
    large.size === seen.large.size &&
    numbers.size === seen.numbers.size &&
    others.size === seen.others.size &&
    hasMessages === seen.hasMessages;
  return isKnown ? seen : { outputs, large, numbers, others, hasMessages };
}

/** The columns of a run's answers: node, state, time, then what the action answers with, then what the node said. */
export function resultColumns(
  action: ActionDefinition | null,
  outputs: readonly OutputColumn[],
  widths: Readonly<Record<string, number>>,
  answers: SeenAnswers,
): readonly GridColumn[] {
  const width = (id: string, usual: number) => boundedWidth(widths[id] ?? usual);
  const isAnyLarge = outputs.some(({ id }) => answers.large.has(id));
  const isNumber = (id: string) =>
    numberTypes.includes(action?.outputs[id]?.type) || (answers.numbers.has(id) && !answers.others.has(id));
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
