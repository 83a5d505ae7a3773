export { chooseProvider, createDatabase, createProvider } from './choose.ts';
export {
  providerNames,
  type CommandEnd,
  type PackageProvider,
  type PackageState,
  type ProviderTools,
} from './provider.ts';
