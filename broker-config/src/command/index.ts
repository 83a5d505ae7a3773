export type { Command } from './command.ts';
export { generateCommand } from './generate.ts';
export { syncCommand } from './sync.ts';
