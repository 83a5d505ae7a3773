import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { defineData, type DataOutputs } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** Largest file whose digest is made, in bytes; of larger ones it is left out. */
const digestBytes = 64 * 1024 * 1024;

function typeOf(stats: Stats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice()) return 'chardev';
  return stats.isBlockDevice() ? 'blockdev' : 'unknown';
}

/** Local time as `2026-03-01 12:30:00`, which is how Swedes write it. */
const timestamp = (time: Date): string => time.toLocaleString('sv-SE');

const times = (kind: 'mtime' | 'ctime' | 'atime', time: Date, nowMs: number): DataOutputs => {
  const seconds = Math.floor(time.getTime() / 1000);
  return {
    [kind]: timestamp(time),
    [`${kind}_seconds`]: seconds,
    [`${kind}_age`]: Math.floor(nowMs / 1000) - seconds,
  };
};

/** MD5, because that is what the output has always been; it tells files apart and secures nothing. */
async function md5Of(file: string, stats: Stats, signal: AbortSignal): Promise<DataOutputs> {
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

const timeOutputs = Object.fromEntries(
  (['mtime', 'ctime', 'atime'] as const).flatMap((kind) => {
    const what = { mtime: 'Modification', ctime: 'Change', atime: 'Access' }[kind];
    return [
      [kind, text(`${what} time`, `${what} time as a date, local to the node`)],
      [`${kind}_seconds`, text(`${what} time`, `${what} time in seconds since the epoch`, 'integer')],
      [`${kind}_age`, text(`${what} age`, `Seconds since the ${what.toLowerCase()} time`, 'integer')],
    ];
  }),
);

/** What the file system says of a file. Symbolic links are not followed. */
export const fstatData = defineData(
  {
    ...dataPluginBase('fstat', 'What the file system says of a file'),
    query: question('File', 'Path of the file', { validation: '^.+$', maxlength: 120 }),
    outputs: {
      name: text('Name', 'Path as asked'),
      output: text('Status', 'present or not present'),
      present: text('Present', '1 when the file exists, else 0', 'integer'),
      size: text('Size', 'Size in bytes', 'integer'),
      mode: text('Mode', 'Type and permissions, octal'),
      md5: text('MD5', 'Digest of a regular file of at most 64 MiB'),
      uid: text('Owner', 'User id of the owner', 'integer'),
      gid: text('Group', 'Group id', 'integer'),
      type: text('Type', 'file, directory, symlink, socket, chardev, blockdev or unknown'),
      ...timeOutputs,
    },
  },
  async (name, { clock, signal }): Promise<DataOutputs> => {
    const stats = await statsOf(name);
    if (stats === undefined) return { name, output: 'not present', present: 0, size: 0, mode: '0000', type: 'unknown' };
    const nowMs = clock();
    return {
      name,
      output: 'present',
      present: 1,
      size: stats.size,
      mode: stats.mode.toString(8),
      uid: stats.uid,
      gid: stats.gid,
      type: typeOf(stats),
      ...times('mtime', stats.mtime, nowMs),
      ...times('ctime', stats.ctime, nowMs),
      ...times('atime', stats.atime, nowMs),
      ...(await md5Of(name, stats, signal)),
    };
  },
);
