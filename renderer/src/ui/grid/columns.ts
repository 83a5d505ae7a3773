/** A column of a grid. Widths are in pixels; what is left goes to the columns that grow, or else to the last. */
export interface GridColumn {
  readonly id: string;
  readonly title: string;
  /** Said when the pointer rests on the title. */
  readonly hint?: string;
  readonly width: number;
  /** What the column may shrink to before the grid scrolls sideways; its width when absent. */
  readonly least?: number;
  readonly grows?: boolean;
  readonly align?: 'start' | 'end';
  readonly isSortable?: boolean;
}

export interface GridSort {
  readonly by: string;
  readonly descending: boolean;
}

export const columnWidthLimits = { least: 56, most: 900 } as const;

export const boundedWidth = (width: number): number =>
  Math.round(Math.min(Math.max(width, columnWidthLimits.least), columnWidthLimits.most));

const checkWidth = 36;

/** CSS `grid-template-columns` of the columns, with one for check boxes before them where rows can be picked. */
export function gridTemplate(columns: readonly GridColumn[], isSelectable: boolean): string {
  const isAnyGrowing = columns.some(({ grows }) => grows === true);
  const widths = columns.map(({ width, least = width, grows = false }, index) => {
    if (grows || (!isAnyGrowing && index === columns.length - 1)) return `minmax(${least}px, 1fr)`;
    return least < width ? `minmax(${least}px, ${width}px)` : `${width}px`;
  });
  return [...(isSelectable ? [`${checkWidth}px`] : []), ...widths].join(' ');
}

/**
 * How wide the grid's rows are, as CSS for a box inside a size container. Columns shrink as long as that makes all of
 * them fit; when the grid must scroll sideways in any case, each has its full width.
 */
export function gridMinWidth(columns: readonly GridColumn[], isSelectable: boolean): string {
  const start = isSelectable ? checkWidth : 0;
  const least = columns.reduce((sum, column) => sum + (column.least ?? column.width), start);
  const full = columns.reduce((sum, { width }) => sum + width, start);
  // The product is huge below the least width, and negative above it.
  return `max(${least}px, min(${full}px, (${least}px - 100cqw) * 10000))`;
}

/** The columns with the widths, by id, that somebody chose, which do not shrink. */
export const withWidths = (
  columns: readonly GridColumn[],
  widths: Readonly<Record<string, number>>,
): readonly GridColumn[] =>
  columns.map((column) => {
    const chosen = widths[column.id];
    return chosen === undefined ? column : { ...column, width: chosen, least: chosen };
  });

/** What a click on a title does: ascending first, then descending, then ascending again. */
export const nextSort = (sort: GridSort, by: string): GridSort => ({
  by,
  descending: sort.by === by && !sort.descending,
});
