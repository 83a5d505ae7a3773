export { broadcastAbove } from './conductor.ts';
export { createRuns, type RunsKeeper } from './runs.ts';
