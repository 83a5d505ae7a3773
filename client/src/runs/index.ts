export { createRuns, type RunsKeeper } from './runs.ts';
