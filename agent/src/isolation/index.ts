export type { HostDeath } from './host-process.ts';
export { createHostPool, type HostPool } from './host-pool.ts';
export type { HostTask, TaskEnd } from './messages.ts';
