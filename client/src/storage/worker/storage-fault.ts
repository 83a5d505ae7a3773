import Database from 'better-sqlite3';
import { faultFrom, type ErrorCode, type Fault } from '@muster/protocol/errors';

function codeOf(sqliteCode: string): ErrorCode {
  if (sqliteCode.startsWith('SQLITE_CORRUPT') || sqliteCode === 'SQLITE_NOTADB') return 'storage.corrupt';
  return sqliteCode === 'SQLITE_FULL' ? 'storage.full' : 'storage.failed';
}

/** What SQLite threw, as a fault. */
export function storageFault(thrown: unknown, file: string): Fault {
  if (!(thrown instanceof Database.SqliteError)) return faultFrom(thrown);
  const code = codeOf(thrown.code);
  const message = `${file}: ${thrown.message}`;
  if (code !== 'storage.corrupt') return { code, message };
  return {
    code,
    message,
    mend: 'Move the file away, or put a backup in its place; Muster then starts with a new one.',
  };
}
