import { dirname, sep } from 'node:path';
import { watch } from 'chokidar';

/** Watches folders until closed. */
export interface FolderWatch {
  close(): Promise<void>;
}

/** Changes come in several events; this long after the last of them they are told, in milliseconds. */
const settleMs = 500;

/** Levels below the folder's parent: the folder, `mcollective`, `agent`, a folder of programs, what is in it. */
const depth = 4;

/**
 * Calls `onChange` soon after anything in the folders has changed. A folder that is missing is noticed when it comes, as
 * long as the one around it is there.
 */
export function watchFolders(folders: readonly string[], onChange: () => void): FolderWatch {
  let timer: NodeJS.Timeout | undefined;
  // A folder is watched from the one around it, since what is missing cannot be watched itself.
  const parents = [...new Set(folders.map((folder) => dirname(folder)))];
  const isOurs = (path: string): boolean =>
    parents.includes(path) || folders.some((folder) => path === folder || path.startsWith(`${folder}${sep}`));
  const watcher = watch(parents, { ignoreInitial: true, depth, ignored: (path) => !isOurs(path) });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  });
  // A folder that cannot be watched is still read on SIGUSR1.
  watcher.on('error', () => undefined);
  return {
    async close() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
