import { fileStatus, missingFile } from '../files/file-status.ts';
import { defineData, type DataOutputs } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

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
    const status = await fileStatus(name, signal);
    if (status === undefined) return { name, ...missingFile };
    const nowSeconds = Math.floor(clock() / 1000);
    return {
      name,
      ...status,
      mtime_age: nowSeconds - status.mtime_seconds,
      ctime_age: nowSeconds - status.ctime_seconds,
      atime_age: nowSeconds - status.atime_seconds,
    };
  },
);
