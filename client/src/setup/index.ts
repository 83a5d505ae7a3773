export { givenPath } from './given-path.ts';
export { Setup, type SetupOptions } from './setup.ts';
