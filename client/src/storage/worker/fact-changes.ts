import type { Database } from 'better-sqlite3';
import type { EndpointResult, FactChange, FactDifference } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { jsonColumn } from './json-column.ts';

/** Of each fact so many changes are kept: facts such as the uptime change whenever a node is read, and must not drive out the others. */
export const changesOfFact = 8;
/** Of each node so many. */
export const changesOfNode = 200;
/** How long a change is kept, in milliseconds. */
export const changesKeptMs = 90 * 86_400_000;
/** Of a longer value the beginning is kept, in characters of JSON. */
const longestValue = 4096;

/** A fact that became another; undefined where there is none. */
export interface ChangedFact {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

interface ChangeRow {
  at_ms: number;
  path: string;
  before: string | null;
  after: string | null;
}

const json = jsonColumn<NonNullable<FactChange['before']>>();

function stored(value: unknown): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length <= longestValue ? text : JSON.stringify(`${text.slice(0, longestValue)}…`);
}

const sides = ({ before, after }: Pick<ChangeRow, 'before' | 'after'>): Omit<FactDifference, 'path'> => ({
  ...(before === null ? {} : { before: json.read(before) }),
  ...(after === null ? {} : { after: json.read(after) }),
});

/** Keeping what becomes of facts, as changes alone. To be called inside of a transaction. */
export function createFactChangeWrites(db: Database) {
  const begin = db.prepare(
    'INSERT INTO fact_histories (identity, complete_since_ms) VALUES (?, ?) ON CONFLICT (identity) DO NOTHING',
  );
  const shorten = db.prepare(
    'UPDATE fact_histories SET complete_since_ms = max(complete_since_ms, @sinceMs) WHERE identity = @identity',
  );
  const add = db.prepare('INSERT INTO fact_changes (identity, at_ms, path, before, after) VALUES (?, ?, ?, ?, ?)');
  const dropOld = db.prepare('DELETE FROM fact_changes WHERE identity = ? AND at_ms < ?');
  const surplusOfFact = db
    .prepare<[string, string], number>(
      `DELETE FROM fact_changes WHERE change_id IN (
         SELECT change_id FROM fact_changes WHERE identity = ? AND path = ? ORDER BY at_ms DESC, change_id DESC LIMIT -1 OFFSET ${changesOfFact})
       RETURNING at_ms`,
    )
    .pluck();
  const surplusOfNode = db
    .prepare<[string], number>(
      `DELETE FROM fact_changes WHERE change_id IN (
         SELECT change_id FROM fact_changes WHERE identity = ? ORDER BY at_ms DESC, change_id DESC LIMIT -1 OFFSET ${changesOfNode})
       RETURNING at_ms`,
    )
    .pluck();

  return {
    /** Adds what has changed since the node was read before, and drops what is too much or too old. */
    keep(identity: string, atMs: number, changes: readonly ChangedFact[]): void {
      begin.run(identity, atMs);
      if (changes.length === 0) return;
      for (const { path, before, after } of changes) add.run(identity, atMs, path, stored(before), stored(after));
      const dropped = [
        ...changes.flatMap(({ path }) => surplusOfFact.all(identity, path)),
        ...surplusOfNode.all(identity),
      ];
      if (dropOld.run(identity, atMs - changesKeptMs).changes > 0) dropped.push(atMs - changesKeptMs);
      if (dropped.length > 0) shorten.run({ identity, sinceMs: Math.max(...dropped) });
    },
  };
}

/** Reading what became of a node's facts. */
export function createFactChanges(db: Database) {
  const completeSince = db
    .prepare<[string], number>('SELECT complete_since_ms FROM fact_histories WHERE identity = ?')
    .pluck();
  const newest = db.prepare<[string], ChangeRow>(
    'SELECT at_ms, path, before, after FROM fact_changes WHERE identity = ? ORDER BY at_ms DESC, path',
  );
  const between = db.prepare<[string, number, number], ChangeRow>(
    'SELECT at_ms, path, before, after FROM fact_changes WHERE identity = ? AND at_ms > ? AND at_ms <= ? ORDER BY at_ms, change_id',
  );

  return {
    factChanges(identity: string): Result<EndpointResult<'nodes.factChanges'>> {
      const changes = newest.all(identity).map((row) => ({ atMs: row.at_ms, path: row.path, ...sides(row) }));
      return ok({ completeSinceMs: completeSince.get(identity) ?? null, changes });
    },
    factDifference(identity: string, fromMs: number, toMs: number): Result<FactDifference[]> {
      const [first, last] = [Math.min(fromMs, toMs), Math.max(fromMs, toMs)];
      const found = new Map<string, Pick<ChangeRow, 'before' | 'after'>>();
      for (const { path, before, after } of between.all(identity, first, last))
        found.set(path, { ...(found.get(path) ?? { before }), after });
      const differing = [...found].filter(([, { before, after }]) => before !== after);
      return ok(
        differing
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([path, { before, after }]) => ({
            path,
            ...sides(fromMs <= toMs ? { before, after } : { before: after, after: before }),
          })),
      );
    },
  };
}
