import type { ResultRow } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { texts } from '../../texts/texts.ts';
import { boundedWidth, type GridColumn } from '../../ui/grid/columns.ts';

export const resultColumnIds = {
  identity: 'identity',
  state: 'state',
  elapsed: 'elapsed',
  message: '@message',
} as const;

/** The most outputs that get a column of their own; the rest is in the detail. */
const outputColumns = 12;

/** The columns of a run's answers: node, state, time, then what the action answers with, then what the node said. */
export function resultColumns(
  action: ActionDefinition | null,
  outputs: readonly string[],
  widths: Readonly<Record<string, number>>,
  /** What the answers that are here are like: which outputs hold lists or hashes, and whether any node said something. */
  answers: { readonly large: ReadonlySet<string>; readonly hasMessages: boolean },
): readonly GridColumn[] {
  const width = (id: string, usual: number) => boundedWidth(widths[id] ?? usual);
  const described = Object.keys(action?.outputs ?? {});
  const shown = [...described, ...outputs.filter((output) => !described.includes(output))].slice(0, outputColumns);
  const isAnyLarge = shown.some((output) => answers.large.has(output));
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
    ...shown.map((id) => ({
      id,
      title: action?.outputs[id]?.display_as ?? id,
      hint: action?.outputs[id]?.description ?? id,
      width: width(id, shown.length > 3 ? 140 : isAnyLarge && !answers.large.has(id) ? 120 : 200),
      isSortable: true,
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
export function answersAtHand(rows: readonly ResultRow[]): { large: ReadonlySet<string>; hasMessages: boolean } {
  const large = new Set<string>();
  for (const { data } of rows) {
    for (const [output, value] of Object.entries(data))
      if (typeof value === 'object' && value !== null) large.add(output);
  }
  return { large, hasMessages: rows.some(({ statusCode, statusMessage }) => statusCode !== 0 && statusMessage !== '') };
}
