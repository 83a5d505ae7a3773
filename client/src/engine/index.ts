export type {
  Connection,
  Discovered,
  Discovery,
  DiscoveryOrder,
  Engine,
  EngineOptions,
  EngineRunOrder,
  FleetRevision,
  Inventory,
  Preferences,
  Runs,
  RunWatch,
  StartedRun,
  Stop,
} from './engine.ts';
export { openEngine } from './open-engine.ts';
