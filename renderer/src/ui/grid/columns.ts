/** A column of a grid. Widths are in pixels; the last column takes what is left. */
export interface GridColumn {
  readonly id: string;
  readonly title: string;
  /** Said when the pointer rests on the title. */
  readonly hint?: string;
  readonly width: number;
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

/** CSS `grid-template-columns` of the columns, with one for check boxes before them where rows can be picked. */
export function gridTemplate(columns: readonly GridColumn[], isSelectable: boolean): string {
  const widths = columns.map((column, index) =>
    index === columns.length - 1 ? `minmax(${column.width}px, 1fr)` : `${column.width}px`,
  );
  return [...(isSelectable ? ['36px'] : []), ...widths].join(' ');
}

/** What a click on a title does: ascending first, then descending, then ascending again. */
export const nextSort = (sort: GridSort, by: string): GridSort => ({
  by,
  descending: sort.by === by && !sort.descending,
});
