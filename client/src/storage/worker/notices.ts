import type { Database } from 'better-sqlite3';
import type { Notice } from '@muster/protocol/bridge';
import { ok, type ErrorCode, type Result } from '@muster/protocol/errors';

/** Stores what a person has to be told. */
export function noteNotice(
  db: Database,
  notice: { readonly code: ErrorCode; readonly message: string; readonly mend: string; readonly atMs: number },
): void {
  db.prepare('INSERT INTO notices (code, message, mend, at_ms) VALUES (@code, @message, @mend, @atMs)').run(notice);
}

interface NoticeRow {
  notice_id: number;
  // Only codes of the catalogue are written.
  code: ErrorCode;
  message: string;
  mend: string;
  at_ms: number;
}

const rowToNotice = ({ notice_id, code, message, mend, at_ms }: NoticeRow): Notice => ({
  noticeId: notice_id,
  code,
  message,
  mend,
  atMs: at_ms,
});

/** What people have to be told, until they say that they have read it. */
export function createNotices(db: Database) {
  const open = db.prepare<[], NoticeRow>('SELECT * FROM notices WHERE dismissed_at_ms IS NULL ORDER BY notice_id');
  const untold = db.prepare<[], NoticeRow>(
    'SELECT * FROM notices WHERE dismissed_at_ms IS NULL AND told_at_ms IS NULL ORDER BY notice_id',
  );
  const dismiss = db.prepare('UPDATE notices SET dismissed_at_ms = ? WHERE notice_id = ? AND dismissed_at_ms IS NULL');
  const told = db.prepare('UPDATE notices SET told_at_ms = ? WHERE notice_id = ?');
  return {
    listNotices: (): Result<Notice[]> => ok(open.all().map(rowToNotice)),
    takeUntoldNotices(nowMs: number): Result<Notice[]> {
      const rows = untold.all();
      if (rows.length > 0) db.transaction(() => rows.forEach((row) => told.run(nowMs, row.notice_id))).immediate();
      return ok(rows.map(rowToNotice));
    },
    dismissNotice(noticeId: number, nowMs: number): Result<void> {
      dismiss.run(nowMs, noticeId);
      return ok(undefined);
    },
  };
}
