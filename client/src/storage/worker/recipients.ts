import type { Database } from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import type { AnnouncedRecipient } from '../stores/fleet.ts';

/** To what sensitive inputs for each node are sealed. What a node said earlier never replaces what it said later. */
export function createRecipientCalls(db: Database) {
  const find = db.prepare<[string], string>('SELECT recipient FROM node_recipients WHERE identity = ?').pluck();
  const note = db.prepare(`
    INSERT INTO node_recipients (identity, recipient, announced_at_ms) VALUES (@identity, @recipient, @announcedAtMs)
    ON CONFLICT (identity) DO UPDATE SET recipient = excluded.recipient, announced_at_ms = excluded.announced_at_ms
      WHERE excluded.announced_at_ms >= announced_at_ms`);
  const forget = db.prepare('DELETE FROM node_recipients WHERE identity = ?');
  const noteAll = db.transaction((announced: readonly AnnouncedRecipient[]) => {
    for (const one of announced) note.run(one);
  });
  const findAll = db.transaction((identities: readonly string[]) =>
    identities.flatMap((identity) => {
      const recipient = find.get(identity);
      return recipient === undefined ? [] : { identity, recipient };
    }),
  );

  return {
    noteRecipients(announced: readonly AnnouncedRecipient[]): Result<void> {
      if (announced.length > 0) noteAll.immediate(announced);
      return ok(undefined);
    },
    recipientsOf: (identities: readonly string[]): Result<{ identity: string; recipient: string }[]> =>
      ok(findAll(identities)),
    forgetRecipient(identity: string): Result<void> {
      forget.run(identity);
      return ok(undefined);
    },
  };
}
