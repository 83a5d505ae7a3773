export { createCatalogue, type Catalogue, type CatalogueOptions } from './catalogue.ts';
export type { ModuleSurroundings } from './isolated-agent.ts';
export { shippedAgent, type ShippedActivation, type ShippedAgent } from './shipped-agent.ts';
export { watchFolders, type FolderWatch } from './watch-folders.ts';
