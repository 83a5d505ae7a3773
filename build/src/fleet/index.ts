export { startFleet, type Fleet, type FleetOptions, type FleetReady } from './fleet.ts';
export { generateNodes, type GeneratedNode } from './generated-nodes.ts';
export { inParallel } from './in-parallel.ts';
export { prepareHome, type PreparedHome } from './home.ts';
export { repositoryRoot } from './repository.ts';
