import type { Database } from 'better-sqlite3';
import type { NotifyDelivery } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type {
  AttemptEnd,
  ClaimedNotification,
  NotificationBook,
  QueuedNotification,
  TargetNotice,
} from '../stores/notices.ts';
import { jsonColumn } from './json-column.ts';
import { noteNotice } from './notices.ts';

/** How many of one target stay that are settled. */
const settledKept = 100;

interface NotificationRow {
  notification_id: string;
  target: string;
  // Only what the contract knows is written; so it is with the state.
  event: NotifyDelivery['event'];
  about: NotifyDelivery['about'];
  about_id: string;
  body: string;
  state: NotifyDelivery['state'];
  queued_at_ms: number;
  attempts: number;
  tried_at_ms: number | null;
  next_at_ms: number | null;
  fault: string | null;
}

const fault = jsonColumn<NonNullable<NotifyDelivery['fault']>>();

const rowToDelivery = (row: NotificationRow): NotifyDelivery => ({
  event: row.event,
  about: row.about,
  aboutId: row.about_id,
  state: row.state,
  queuedAtMs: row.queued_at_ms,
  attempts: row.attempts,
  triedAtMs: row.tried_at_ms,
  nextAtMs: row.next_at_ms,
  fault: row.fault === null ? null : fault.read(row.fault),
});

/** Stores what is to be told, in the transaction of its caller. What is there already stays as it is. */
export function createNotificationQueue(db: Database): (queued: readonly QueuedNotification[]) => void {
  const insert = db.prepare(`
    INSERT INTO notifications (notification_id, target, event, about, about_id, body, state, queued_at_ms, next_at_ms)
    VALUES (@notificationId, @target, @event, @about, @aboutId, @body, 'waiting', @queuedAtMs, @queuedAtMs)
    ON CONFLICT (notification_id) DO NOTHING`);
  const grow = db.prepare('UPDATE notification_book SET revision = revision + 1');
  return (queued) => {
    for (const notification of queued) insert.run(notification);
    if (queued.length > 0) grow.run();
  };
}

/** What receivers have to be told, and how that went. */
export function createNotifications(db: Database) {
  const due = db.prepare<[string, number], NotificationRow>(`
    SELECT * FROM notifications WHERE target = ? AND next_at_ms <= ?
      AND (console_id IS NULL OR console_id NOT IN (SELECT console_id FROM consoles))
    ORDER BY queued_at_ms, rowid LIMIT 1`);
  const take = db.prepare('UPDATE notifications SET console_id = ? WHERE notification_id = ?');
  const release = db.prepare('UPDATE notifications SET console_id = NULL WHERE notification_id = ? AND console_id = ?');
  const settle = db.prepare<[object], string>(`
    UPDATE notifications SET state = @state, attempts = attempts + 1, tried_at_ms = @atMs, next_at_ms = @nextAtMs, fault = @fault,
      console_id = NULL WHERE notification_id = @notificationId AND console_id = @consoleId RETURNING target`);
  settle.pluck();
  const trim = db.prepare(`
    DELETE FROM notifications WHERE target = @target AND next_at_ms IS NULL AND notification_id NOT IN (
      SELECT notification_id FROM notifications WHERE target = @target ORDER BY queued_at_ms DESC, rowid DESC LIMIT ${settledKept})`);
  const overdue = db.prepare<[number], NotificationRow>(`
    SELECT * FROM notifications WHERE next_at_ms IS NOT NULL AND queued_at_ms < ?
      AND (console_id IS NULL OR console_id NOT IN (SELECT console_id FROM consoles))
    ORDER BY queued_at_ms, rowid`);
  const giveUp = db.prepare(
    "UPDATE notifications SET state = 'given_up', next_at_ms = NULL, console_id = NULL WHERE notification_id = ?",
  );
  const next = db
    .prepare<[string], number | null>(
      `SELECT min(next_at_ms) FROM notifications WHERE next_at_ms IS NOT NULL AND target IN (SELECT value FROM json_each(?))
         AND (console_id IS NULL OR console_id NOT IN (SELECT console_id FROM consoles))`,
    )
    .pluck();
  const lastOf = db.prepare<[string], NotificationRow>(
    'SELECT * FROM notifications WHERE target = ? ORDER BY queued_at_ms DESC, rowid DESC LIMIT 1',
  );
  const waitingOf = db
    .prepare<[string], number>('SELECT count(*) FROM notifications WHERE target = ? AND next_at_ms IS NOT NULL')
    .pluck();
  const readRevision = db.prepare<[], number>('SELECT revision FROM notification_book').pluck();
  const grow = db.prepare('UPDATE notification_book SET revision = revision + 1');
  // Of one target, a person is told once until they have read it, or it has gone by itself.
  const isTold = db
    .prepare<[object], number>(
      'SELECT 1 FROM notices WHERE dismissed_at_ms IS NULL AND code = @code AND substr(message, 1, length(@start)) = @start',
    )
    .pluck();
  const clear = db.prepare(`
    UPDATE notices SET dismissed_at_ms = @atMs WHERE dismissed_at_ms IS NULL AND code <> 'notify.given_up'
      AND substr(message, 1, length(@start)) = @start`);

  const startOf = (target: string): string => `${target}: `;

  function tell({ target, code, message, mend }: TargetNotice, atMs: number): void {
    const start = startOf(target);
    if (isTold.get({ code, start }) === undefined) noteNotice(db, { code, message: start + message, mend, atMs });
  }

  const claim = db.transaction((target: string, consoleId: string, nowMs: number): ClaimedNotification | null => {
    const row = due.get(target, nowMs);
    if (row === undefined) return null;
    take.run(consoleId, row.notification_id);
    const { notification_id: notificationId, about_id: aboutId, event, about, body, attempts } = row;
    return { notificationId, target, event, about, aboutId, body, queuedAtMs: row.queued_at_ms, attempts };
  });

  const end = db.transaction((notificationId: string, consoleId: string, how: AttemptEnd): boolean => {
    const { state, atMs, nextAtMs, notice } = how;
    const target = settle.get({
      ...{ notificationId, consoleId, state, atMs, nextAtMs },
      fault: how.fault === null ? null : fault.write(how.fault),
    });
    if (target === undefined) return false;
    if (state === 'delivered') clear.run({ start: startOf(target), atMs });
    if (notice !== null) tell(notice, atMs);
    if (nextAtMs === null) trim.run({ target });
    grow.run();
    return true;
  });

  const expire = db.transaction((queuedBeforeMs: number, nowMs: number, message: string, mend: string): number => {
    const rows = overdue.all(queuedBeforeMs);
    for (const { notification_id, target, fault: last } of rows) {
      giveUp.run(notification_id);
      const why = last === null ? '' : `: ${fault.read(last).message}`;
      tell({ target, code: 'notify.given_up', message: message + why, mend }, nowMs);
      trim.run({ target });
    }
    if (rows.length > 0) grow.run();
    return rows.length;
  });

  return {
    claimNotification(target: string, consoleId: string, nowMs: number): Result<ClaimedNotification | null> {
      // A look alone keeps nobody from writing.
      return ok(due.get(target, nowMs) === undefined ? null : claim.immediate(target, consoleId, nowMs));
    },
    releaseNotification(notificationId: string, consoleId: string): Result<void> {
      release.run(notificationId, consoleId);
      return ok(undefined);
    },
    settleNotification: (notificationId: string, consoleId: string, how: AttemptEnd): Result<boolean> =>
      ok(end.immediate(notificationId, consoleId, how)),
    expireNotifications: (queuedBeforeMs: number, nowMs: number, message: string, mend: string): Result<number> =>
      ok(overdue.get(queuedBeforeMs) === undefined ? 0 : expire.immediate(queuedBeforeMs, nowMs, message, mend)),
    nextNotification: (targets: readonly string[]): Result<number | null> =>
      ok(next.get(JSON.stringify(targets)) ?? null),
    notificationBook(targets: readonly string[]): Result<NotificationBook> {
      const entries = targets.map((target) => {
        const last = lastOf.get(target);
        return { waiting: waitingOf.get(target) ?? 0, last: last === undefined ? null : rowToDelivery(last) };
      });
      return ok({ entries });
    },
    notificationRevision: (): Result<number> => ok(readRevision.get() ?? 0),
  };
}
