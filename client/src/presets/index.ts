export { reach } from './group-graph.ts';
export { createSelections } from './presets.ts';
export { filterOfAll, type ResolvedTarget } from './resolve-target.ts';
export { nameKey } from './selection-name.ts';
