import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Largest file whose digest is made, in bytes; of larger ones it is left out. */
const digestBytes = 64 * 1024 * 1024;

/** What the file system calls a thing that has a path. */
export type FileType = 'file' | 'directory' | 'symlink' | 'socket' | 'chardev' | 'blockdev' | 'unknown';

function typeOf(stats: Stats): FileType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice()) return 'chardev';
  return stats.isBlockDevice() ? 'blockdev' : 'unknown';
}

/** Local time as `2026-03-01 12:30:00`, which is how Swedes write it. */
const timestamp = (time: Date): string => time.toLocaleString('sv-SE');

const times = <Kind extends 'mtime' | 'ctime' | 'atime'>(kind: Kind, time: Date) =>
  ({ [kind]: timestamp(time), [`${kind}_seconds`]: Math.floor(time.getTime() / 1000) }) as Record<Kind, string> &
    Record<`${Kind}_seconds`, number>; // computed names widen to string

/** MD5, because that is what the output has always been; it tells files apart and secures nothing. */
async function md5Of(file: string, stats: Stats, signal: AbortSignal): Promise<{ readonly md5?: string }> {
  if (!stats.isFile() || stats.size > digestBytes) return {};
  const hash = createHash('md5');
  await pipeline(createReadStream(file, { signal }), hash);
  return { md5: hash.digest('hex') };
}

const absent = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');

async function statsOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (thrown) {
    if (absent(thrown)) return undefined;
    throw thrown;
  }
}

/** What is said of a file that does not exist. */
export const missingFile = { output: 'not present', present: 0, size: 0, mode: '0000', type: 'unknown' } as const;

/**
 * What the file system says of a file; undefined where there is none. Symbolic links are not followed. The digest is left
 * out for what is no regular file, and for files beyond 64 MiB. Throws for what may not be looked at.
 */
export async function fileStatus(file: string, signal: AbortSignal) {
  const stats = await statsOf(file);
  if (stats === undefined) return undefined;
  return {
    output: 'present',
    present: 1,
    size: stats.size,
    mode: stats.mode.toString(8),
    uid: stats.uid,
    gid: stats.gid,
    type: typeOf(stats),
    ...times('mtime', stats.mtime),
    ...times('ctime', stats.ctime),
    ...times('atime', stats.atime),
    ...(await md5Of(file, stats, signal)),
  };
}
