export { changeHistory } from './change-history.ts';
export type { ConsoleConfiguration, LocalSettings } from './configuration.ts';
export { homeFolder, ownFolder } from './home-folder.ts';
export {
  findTrustFiles,
  readConfiguration,
  readLocalSettings,
  type ReadConfiguration,
  type TrustFiles,
} from './read-configuration.ts';
export { readHomeTrust } from './read-trust.ts';
