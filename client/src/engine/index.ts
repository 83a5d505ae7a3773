export type {
  Connection,
  Discovered,
  Discovery,
  DiscoveryOrder,
  Engine,
  EngineOptions,
  EngineRunOrder,
  FleetRevision,
  Groups,
  Inventory,
  Preferences,
  Presets,
  Runs,
  RunWatch,
  StartedRun,
  Stop,
  Targets,
} from './engine.ts';
export { openEngine } from './open-engine.ts';
export type { ResolvedTarget } from '../presets/index.ts';
