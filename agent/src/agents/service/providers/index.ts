export { chooseProvider, createProvider, createReader } from './choose.ts';
export { providerNames, type CommandEnd, type ServiceProvider, type ServiceStatus } from './provider.ts';
