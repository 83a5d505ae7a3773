import { ok } from '@muster/protocol/errors';
import type { Logger } from '@muster/runtime/logging';
import { watchFile } from '../files/watched-file.ts';

/** The classes of a node, always as fresh as their file. */
export interface ClassStore {
  /** Names in alphabetical order, each once. The same array as before when the file has not changed. */
  current(): Promise<readonly string[]>;
}

/** Largest file of classes, in bytes. */
const classFileBytes = 1024 * 1024;

const none: readonly string[] = [];

function parseClasses(text: string): readonly string[] {
  const names = text.split(/\r?\n/).map((line) => line.trim());
  return [...new Set(names.filter((name) => name !== '' && !name.startsWith('#')))].sort();
}

/** Classes from a file with one name a line, as Puppet writes `classes.txt`. Without a file there are none. */
export function createClassStore(path: string | undefined, logger: Logger): ClassStore {
  if (path === undefined) return { current: () => Promise.resolve(none) };
  const file = watchFile({
    path,
    maxBytes: classFileBytes,
    parse: (text) => ok(parseClasses(text)),
    onFault: (fault) => {
      logger.warn(
        { event: 'classes.unreadable', file: path, reason: fault.message },
        'the list of classes cannot be read',
      );
    },
  });
  return { current: async () => (await file.refresh()) ?? none };
}
