export type { Connection, Engine, EngineOptions, Stop } from './engine.ts';
export type { Discovered, Discovery, DiscoveryOrder, Targets } from './parts/discovery.ts';
export type { Notices } from './parts/health.ts';
export type { FleetRevision, Inventory } from './parts/inventory.ts';
export type { EngineRunallOrder, Puppet, Runalls } from './parts/puppet.ts';
export type { EngineRunOrder, Question, Runs, RunWatch, StartedRun } from './parts/runs.ts';
export type { Groups, Preferences, Presets } from './parts/selections.ts';
export { openEngine } from './open-engine.ts';
export type { ResolvedTarget } from '../presets/index.ts';
