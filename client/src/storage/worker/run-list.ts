import type { Database } from 'better-sqlite3';
import type { EndpointParams, EndpointResult, ListedRun } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { rowToRun, runColumns, type RunTableRow } from './run-rows.ts';
import { containing, startingWith } from './searching.ts';

type Query = Omit<EndpointParams<'runs.list'>, 'offset' | 'limit'>;

interface ListedRow extends RunTableRow {
  notes: number;
  last_note: string | null;
}

const searched = `(agent LIKE @like ESCAPE '\\' OR action LIKE @like ESCAPE '\\' OR person LIKE @like ESCAPE '\\'
  OR agent || ' ' || action LIKE @like ESCAPE '\\' OR aimed_at LIKE @like ESCAPE '\\' OR run_id LIKE @start ESCAPE '\\'
  OR run_id IN (SELECT run_id FROM run_notes WHERE text LIKE @like ESCAPE '\\'))`;

/**
 * The conditions of a query. All but the node are answered by the index `runs_history` alone; the node is looked up in each run that is left, by
 * the primary key of `run_nodes`.
 */
function conditionsOf(query: Query): readonly string[] {
  const { search, agent, action, person, node, sinceMs, untilMs, states = [], hasFailures, isPinned } = query;
  const given: readonly (readonly [boolean, string])[] = [
    [sinceMs !== undefined, 'started_at_ms >= @sinceMs'],
    [untilMs !== undefined, 'started_at_ms < @untilMs'],
    [agent !== undefined, 'agent = @agent'],
    [action !== undefined, 'action = @action'],
    [person !== undefined, 'person = @person'],
    [states.length > 0, 'state IN (SELECT value FROM json_each(@states))'],
    [hasFailures === true, 'failures > 0'],
    [isPinned === true, 'pinned_at_ms IS NOT NULL'],
    [search !== '', searched],
    [node !== undefined, 'EXISTS (SELECT 1 FROM run_nodes WHERE run_nodes.run_id = runs.run_id AND identity = @node)'],
  ];
  return ['removed_at_ms IS NULL', ...given.filter(([isGiven]) => isGiven).map(([, condition]) => condition)];
}

const boundQuery = ({ search, states = [], ...given }: Query) => ({
  ...given,
  states: JSON.stringify(states),
  like: containing(search),
  start: startingWith(search),
});

const listed = (row: ListedRow): ListedRun => ({
  ...rowToRun(row),
  pin: row.pinned_at_ms === null ? null : { person: row.pinned_by ?? '', atMs: row.pinned_at_ms },
  notes: row.notes,
  lastNote: row.last_note,
});

/** The history of runs, a slice at a time. */
export function createRunList(db: Database) {
  const actions = db.prepare<[], EndpointResult<'runs.choices'>['actions'][number]>(`
    SELECT agent, action, count(*) AS runs FROM runs WHERE removed_at_ms IS NULL
    GROUP BY agent, action ORDER BY runs DESC, agent, action LIMIT 500`);
  const people = db.prepare<[], EndpointResult<'runs.choices'>['people'][number]>(`
    SELECT person, count(*) AS runs FROM runs WHERE removed_at_ms IS NULL
    GROUP BY person ORDER BY runs DESC, person LIMIT 500`);

  return {
    listRuns({ offset, limit, ...query }: EndpointParams<'runs.list'>): Result<EndpointResult<'runs.list'>> {
      const where = `WHERE ${conditionsOf(query).join(' AND ')}`;
      const bound = boundQuery(query);
      const total = db.prepare<[object], number>(`SELECT count(*) FROM runs ${where}`).pluck().get(bound);
      const rows = db
        .prepare<[object], ListedRow>(
          `SELECT ${runColumns}, (SELECT count(*) FROM run_notes WHERE run_notes.run_id = runs.run_id) AS notes,
            (SELECT text FROM run_notes WHERE run_notes.run_id = runs.run_id ORDER BY at_ms DESC, note_id DESC LIMIT 1) AS last_note
          FROM runs WHERE rowid IN (
            SELECT rowid FROM runs ${where} ORDER BY started_at_ms DESC, rowid DESC LIMIT @limit OFFSET @offset)
          ORDER BY started_at_ms DESC, rowid DESC`,
        )
        .all({ ...bound, offset, limit });
      return ok({ total: total ?? 0, runs: rows.map(listed) });
    },
    runChoices(): Result<Omit<EndpointResult<'runs.choices'>, 'keepMs'>> {
      return ok({ actions: actions.all(), people: people.all() });
    },
  };
}
