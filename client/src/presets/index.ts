export { createSelections, type SelectionKeeper } from './presets.ts';
export { filterOfAll, type ResolvedTarget } from './resolve-target.ts';
