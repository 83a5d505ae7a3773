import { watch } from 'chokidar';

/** Watches folders until closed. */
export interface FolderWatch {
  close(): Promise<void>;
}

/** Changes come in several events; this long after the last of them they are told, in milliseconds. */
const settleMs = 500;

/** Calls `onChange` soon after anything in the folders has changed, three levels deep. Folders that are missing are waited for. */
export function watchFolders(folders: readonly string[], onChange: () => void): FolderWatch {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...folders], { ignoreInitial: true, depth: 3 });
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
