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

/** The width below which the grid scrolls sideways. */
export const leastGridWidth = (columns: readonly GridColumn[], isSelectable: boolean): number =>
  columns.reduce((sum, { width, least = width }) => sum + least, isSelectable ? checkWidth : 0);

/** What a click on a title does: ascending first, then descending, then ascending again. */
export const nextSort = (sort: GridSort, by: string): GridSort => ({
  by,
  descending: sort.by === by && !sort.descending,
});
