export type { ConsoleConfiguration } from './configuration.ts';
