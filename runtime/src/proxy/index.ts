export { goesThrough } from './goes-through.ts';
export { goesInTheClear, isLoopback } from './loopback.ts';
export { serverOf, tlsName, type Server } from './server.ts';
export type { ProxySettings } from './settings.ts';
export { wayTo } from './way-to.ts';
