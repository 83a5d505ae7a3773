export type { ConsoleConfiguration } from './configuration.ts';
export { homeFolder } from './home-folder.ts';
export { readConfiguration } from './read-configuration.ts';
