export { goesThrough } from './goes-through.ts';
export { isLoopback } from './loopback.ts';
export type { ProxySettings } from './settings.ts';
export { wayTo } from './way-to.ts';
