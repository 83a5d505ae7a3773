import { extname } from 'node:path';

/**
 * URL of a module of the agent that runs in a process of its own, be we sources, built, or bundled: by its path below this file's folder, without
 * its ending, like `agents/shell/agent`.
 */
export const moduleFile = (path: string): string =>
  new URL(`./${path}${extname(import.meta.url)}`, import.meta.url).href;
