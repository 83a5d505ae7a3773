import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Choice } from './choose-file.ts';
import type { FileCache } from './file-cache.ts';
import { taskParts } from './metadata.ts';

/** A task that is ready to run, in a folder of its own. */
export interface InstalledTask {
  /** What the task knows as `_installdir`. */
  readonly folder: string;
  readonly program: string;
}

/** Lays the files of a task out as their modules have them, for their owner alone. Rejects, and leaves nothing, when one cannot be had. */
export async function installTask(
  name: string,
  { main, others }: Choice,
  parts: {
    readonly cache: FileCache;
    readonly workFolder: string;
    readonly owner?: { readonly uid: number; readonly gid: number };
  },
): Promise<InstalledTask> {
  const { cache, workFolder, owner } = parts;
  const folder = await mkdtemp(join(workFolder, 'muster-task-'));
  const own = async (path: string): Promise<void> => {
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  };

  async function makeFolder(path: string): Promise<void> {
    if (path === folder) return;
    await makeFolder(dirname(path));
    await mkdir(path, { recursive: true, mode: 0o700 });
    await own(path);
  }

  try {
    await own(folder);
    const program = join(folder, taskParts(name)[0], 'tasks', main.filename);
    const files = [[main, program] as const, ...others.map((file) => [file, join(folder, file.filename)] as const)];
    for (const [file, path] of files) {
      await makeFolder(dirname(path));
      await writeFile(path, await cache.content(file), { mode: 0o700 });
      await own(path);
    }
    return { folder, program };
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}
