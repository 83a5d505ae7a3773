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
): readonly GridColumn[] {
  const width = (id: string, usual: number) => boundedWidth(widths[id] ?? usual);
  const described = Object.keys(action?.outputs ?? {});
  const shown = [...described, ...outputs.filter((output) => !described.includes(output))].slice(0, outputColumns);
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
      width: width(id, shown.length > 3 ? 140 : 200),
      isSortable: true,
    })),
    { id: resultColumnIds.message, title: words.message, width: width(resultColumnIds.message, 160) },
  ];
}
