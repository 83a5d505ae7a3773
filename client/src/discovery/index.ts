export { createDiscovery, type ExpectNodes } from './broadcast-discovery.ts';
