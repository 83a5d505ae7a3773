export { checkTags } from './check-draft.ts';
export { entryLabel } from './entry-label.ts';
export { reach } from './group-graph.ts';
export { createSelections } from './presets.ts';
export { filterOfAll, type ResolvedTarget } from './resolve-target.ts';
export { checkName, nameKey } from './selection-name.ts';
