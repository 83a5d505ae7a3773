export { thisSystem, type System } from './builtin/index.ts';
export { factAt } from './fact-path.ts';
export { stableFacts } from './stable-facts.ts';
export { createFactStore, type FactSources, type FactStore } from './store.ts';
export { isFactMap, mergeFacts, toFactValue, type Facts, type FactValue } from './value.ts';
