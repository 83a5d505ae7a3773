import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rotatedFiles } from '@muster/runtime/audit';
import { hasCode } from '@muster/runtime/files';
import { chainPrefix } from './console-audit.ts';

/** The audit that one process after the other has written. */
export interface AuditChain {
  /** Such as `audit-1`. */
  readonly name: string;
  /** Its files, the oldest first. */
  readonly files: readonly string[];
}

const chainFile = new RegExp(`^${chainPrefix}(\\d{1,4})\\.log$`);

/** All chains of a folder by their numbers; none when there is no such folder. Rejects when it cannot be read. */
export async function findChains(folder: string): Promise<readonly AuditChain[]> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    if (hasCode(thrown, 'ENOENT')) return [];
    throw thrown;
  });
  // While a full file is put aside, the one that is written may be missing for a moment.
  const numbers = names.flatMap((name) => Number(chainFile.exec(name)?.[1] ?? NaN)).filter((number) => number > 0);
  return Promise.all(
    numbers
      .toSorted((one, other) => one - other)
      .map(async (number) => {
        const current = join(folder, `${chainPrefix}${number}.log`);
        return { name: `${chainPrefix}${number}`, files: [...(await rotatedFiles(current)), current] };
      }),
  );
}
