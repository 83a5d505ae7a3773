const shownName = (entry: unknown): string =>
  typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string'
    ? ` "${entry.name.slice(0, 80)}"`
    : '';

/** How a fault names an entry: `presets[2] "web servers"`. */
export const entryLabel = (list: 'presets' | 'groups' | 'recipes', index: number, entry: unknown): string =>
  `${list}[${index}]${shownName(entry)}`;
