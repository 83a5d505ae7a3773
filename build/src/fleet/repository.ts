import { fileURLToPath } from 'node:url';

/** The checkout, from the sources as well as from `dist`: both are three folders down. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));
