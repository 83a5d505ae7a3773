export { Setup, type SetupOptions } from './setup.ts';
