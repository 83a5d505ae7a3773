import { faultFrom, MusterError, type ErrorCode, type Fault } from '@muster/protocol/errors';
import { isDamage } from './safety/damage.ts';

/** No room, in the words of SQLite and of the file system; shared memory that cannot grow is a disk without room, too. */
const noRoom: readonly unknown[] = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'];

const mends: Partial<Record<ErrorCode, string>> = {
  'storage.corrupt':
    'Close every Muster that uses it and start again: the file is set aside, and what can be read of it is saved.',
  'storage.full': 'Make room on the disk; Muster goes on by itself then.',
};

/** What SQLite or the file system threw, as a fault. */
export function storageFault(thrown: unknown, file: string): Fault {
  if (!(thrown instanceof Error) || thrown instanceof MusterError || !('code' in thrown)) return faultFrom(thrown);
  const code = isDamage(thrown) ? 'storage.corrupt' : noRoom.includes(thrown.code) ? 'storage.full' : 'storage.failed';
  const mend = mends[code];
  const message = `${file}: ${thrown.message}`;
  return mend === undefined ? { code, message } : { code, message, mend };
}
