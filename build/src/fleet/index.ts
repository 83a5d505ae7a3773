export { startFleet, type Fleet, type FleetOptions, type FleetReady } from './fleet.ts';
export { generateNodes, type GeneratedNode } from './generated-nodes.ts';
export { inParallel } from './in-parallel.ts';
export { prepareHome, writeNode, type PreparedHome } from './home.ts';
export { repositoryRoot } from './repository.ts';
export { integer, pick, seededRandom, weighted, type Choices, type Random } from './seeded-random.ts';
