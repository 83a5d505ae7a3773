import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { hasCode } from '@muster/runtime/files';

/** How much there is in the archive. */
export interface ArchiveSize {
  /** Number of files, each a run. */
  readonly runs: number;
  readonly bytes: number;
}

const ending = '.ndjson.gz';

/** Counts what is in the archive's folder, month by month; nothing where there is no such folder yet. Errors: `file.unreadable`. */
export async function archiveSize(folder: string): Promise<Result<ArchiveSize>> {
  let runs = 0;
  let bytes = 0;
  try {
    for (const month of await readdir(folder, { withFileTypes: true })) {
      if (!month.isDirectory()) continue;
      const inside = join(folder, month.name);
      const files = (await readdir(inside)).filter((name) => name.endsWith(ending));
      const sizes = await Promise.all(files.map(async (name) => (await stat(join(inside, name))).size));
      runs += files.length;
      bytes += sizes.reduce((sum, size) => sum + size, 0);
    }
  } catch (thrown) {
    if (!hasCode(thrown, 'ENOENT'))
      return fail('file.unreadable', `The archive ${folder} cannot be read: ${faultFrom(thrown).message}`);
  }
  return ok({ runs, bytes });
}
