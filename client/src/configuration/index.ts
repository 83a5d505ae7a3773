export type { ConsoleConfiguration, LocalSettings } from './configuration.ts';
export { homeFolder } from './home-folder.ts';
export { readConfiguration, readLocalSettings } from './read-configuration.ts';
