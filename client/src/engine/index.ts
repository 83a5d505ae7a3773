export type {
  Connection,
  Discovered,
  Discovery,
  DiscoveryOrder,
  Engine,
  EngineOptions,
  EngineRunallOrder,
  EngineRunOrder,
  FleetRevision,
  Groups,
  Inventory,
  Preferences,
  Presets,
  Puppet,
  Runalls,
  Runs,
  RunWatch,
  StartedRun,
  Stop,
  Targets,
} from './engine.ts';
export { openEngine } from './open-engine.ts';
export type { ResolvedTarget } from '../presets/index.ts';
