import { output, textInput, input, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

const file = (description: string) => ({
  file: textInput('File', description, { validation: 'path', maxlength: 256 }, { optional: true }),
});

export const filemgrDdl: AgentParts = {
  kind: 'agent',
  name: 'filemgr',
  description: 'Touches and removes files, and tells about them',
  ...ownPlugin,
  timeout: 5,
  usage: 'Without a file, each action works on the one that the setting `touch_file` names.',
  actions: [
    {
      name: 'touch',
      description: 'Makes an empty file, or sets the times of one that exists to now',
      effect: 'write',
      inputs: file('File to touch'),
    },
    {
      name: 'remove',
      description: 'Removes a file or an empty directory; a file that does not exist is no failure',
      effect: 'destructive',
      idempotent: true,
      inputs: file('File to remove'),
      outputs: { removed: output('Removed', 'Whether there was something to remove', 'boolean') },
      aggregates: [{ function: 'summary', output: 'removed' }],
    },
    {
      name: 'status',
      description: 'What the file system says of a file; symbolic links are not followed',
      display: 'always',
      effect: 'read',
      cancellable: true,
      idempotent: true,
      inputs: {
        ...file('File to tell about'),
        dirlist: input('boolean', 'List directory', 'Whether to list what is in a directory', { optional: true }),
      },
      outputs: {
        name: output('Name', 'Path of the file'),
        output: output('Status', 'present or not present', 'string', { default: 'not present' }),
        present: output('Present', '1 when the file exists, else 0', 'integer', { default: 0 }),
        size: output('Size', 'Size in bytes', 'integer', { default: 0 }),
        mode: output('Mode', 'Type and permissions, octal', 'string', { default: '0000' }),
        md5: output('MD5', 'Digest of a regular file of at most 64 MiB', 'string', { default: '' }),
        mtime: output('Modification time', 'As a date, local to the node', 'string', { default: '' }),
        ctime: output('Change time', 'As a date, local to the node', 'string', { default: '' }),
        atime: output('Access time', 'As a date, local to the node', 'string', { default: '' }),
        mtime_seconds: output('Modification time', 'In seconds since the epoch', 'integer', { default: 0 }),
        ctime_seconds: output('Change time', 'In seconds since the epoch', 'integer', { default: 0 }),
        atime_seconds: output('Access time', 'In seconds since the epoch', 'integer', { default: 0 }),
        uid: output('Owner', 'User id of the owner', 'integer', { default: null }),
        gid: output('Group', 'Group id', 'integer', { default: null }),
        type: output('Type', 'file, directory, symlink, socket, chardev, blockdev or unknown', 'string', {
          default: 'unknown',
        }),
        dir_listing: output('Directory Listing', 'Names in the directory, in order', 'array', { default: [] }),
      },
      aggregates: [{ function: 'summary', output: 'output' }],
    },
  ],
};
