import type { Database } from 'better-sqlite3';
import {
  puppetStates,
  type EndpointParams,
  type EndpointResult,
  type PuppetCounts,
  type PuppetFigures,
  type PuppetNode,
} from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { PuppetNews } from '../stores/puppet.ts';
import { jsonColumn } from './json-column.ts';
import { figuresOf, type FigureRow } from './puppet-figures.ts';
import { containing } from './searching.ts';

interface PuppetRow {
  identity: string;
  state: PuppetNode['state'];
  applying: number;
  daemon_present: number;
  disable_message: string;
  last_run_at_ms: number | null;
  run: string | null;
  told_at_ms: number | null;
  problem: string;
}

interface CountRow {
  state: PuppetNode['state'];
  nodes: number;
  daemons: number;
  failing: number;
  changed: number;
  silent: number;
}

const run = jsonColumn<NonNullable<PuppetNode['run']>>();

const rowToNode = (row: PuppetRow): PuppetNode => ({
  identity: row.identity,
  state: row.state,
  applying: row.applying === 1,
  daemonPresent: row.daemon_present === 1,
  disableMessage: row.disable_message,
  lastRunAtMs: row.last_run_at_ms,
  run: row.run === null ? null : run.read(row.run),
  toldAtMs: row.told_at_ms,
  problem: row.problem,
});

/** What rows may be sorted by, as SQL; unknown values come last in both directions. */
const sortable: Readonly<Record<string, string>> = {
  identity: 'identity',
  state: 'state',
  lastRun: 'last_run_at_ms',
  failed: "json_extract(run, '$.failed')",
  changed: "json_extract(run, '$.changed')",
  totalTime: "json_extract(run, '$.totalTime')",
  told: 'told_at_ms',
};

function orderOf({ by, descending }: EndpointParams<'puppet.overview'>['sort']): string {
  const value = (Object.hasOwn(sortable, by) ? sortable[by] : undefined) ?? 'identity';
  return `${value} IS NULL, ${value} ${descending ? 'DESC' : 'ASC'}, identity`;
}

function countsOf(rows: readonly CountRow[]): PuppetCounts {
  const sum = (of: (row: CountRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const inState = (state: PuppetNode['state']) => rows.find((row) => row.state === state)?.nodes ?? 0;
  return {
    states: Object.fromEntries(puppetStates.map((state) => [state, inState(state)])) as PuppetCounts['states'], // of all states
    daemons: sum(({ daemons }) => daemons),
    failing: sum(({ failing }) => failing),
    changed: sum(({ changed }) => changed),
    silent: sum(({ silent }) => silent),
  };
}

/** Puppet on the fleet, as it was told last. `matching` finds nodes of the inventory. */
export function createPuppetNodes(
  db: Database,
  parts: { readonly matching: (filter: string) => Result<readonly string[]>; readonly changed: () => void },
) {
  const noteStatus = db.prepare(`
    INSERT INTO puppet_nodes (identity, state, applying, daemon_present, disable_message, last_run_at_ms, told_at_ms)
    VALUES (@identity, @state, @applying, @daemonPresent, @disableMessage, @lastRunAtMs, @atMs)
    ON CONFLICT (identity) DO UPDATE SET state = excluded.state, applying = excluded.applying,
      daemon_present = excluded.daemon_present, disable_message = excluded.disable_message,
      last_run_at_ms = excluded.last_run_at_ms, told_at_ms = excluded.told_at_ms, problem = ''
    WHERE told_at_ms IS NULL OR told_at_ms <= excluded.told_at_ms`);
  const noteRun = db.prepare(`
    INSERT INTO puppet_nodes (identity, state, run) VALUES (@identity, 'unknown', @run)
    ON CONFLICT (identity) DO UPDATE SET run = excluded.run`);
  const noteProblem = db.prepare(`
    INSERT INTO puppet_nodes (identity, state, problem) VALUES (@identity, 'unknown', @problem)
    ON CONFLICT (identity) DO UPDATE SET problem = excluded.problem`);
  const refreshed = db.prepare('UPDATE puppet SET refreshed_at_ms = ?');
  const readRefreshed = db.prepare<[], number | null>('SELECT refreshed_at_ms FROM puppet').pluck();
  const readRevision = db.prepare<[], number>('SELECT revision FROM puppet').pluck();

  const note = db.transaction((news: readonly PuppetNews[]) => {
    for (const { identity, atMs, status, run: told, problem } of news) {
      if (status !== undefined) {
        const { applying, daemonPresent } = status;
        noteStatus.run({ ...status, identity, atMs, applying: Number(applying), daemonPresent: Number(daemonPresent) });
      }
      if (told !== undefined) noteRun.run({ identity, run: told === null ? null : run.write(told) });
      if (problem !== undefined) noteProblem.run({ identity, problem });
    }
    parts.changed();
  });

  // Nodes that have the agent by what the inventory knows, and without a filter all that ever told something.
  const chosen = `
    WITH chosen AS (
      SELECT value AS identity FROM json_each(@identities)
      UNION SELECT identity FROM puppet_nodes WHERE @everybody = 1
    ), rows AS (
      SELECT chosen.identity AS identity, coalesce(state, 'unknown') AS state, coalesce(applying, 0) AS applying,
        coalesce(daemon_present, 0) AS daemon_present, coalesce(disable_message, '') AS disable_message, last_run_at_ms, run,
        told_at_ms, coalesce(problem, '') AS problem
      FROM chosen LEFT JOIN puppet_nodes ON puppet_nodes.identity = chosen.identity
    )`;
  const narrowed = `
    FROM rows WHERE (@states = '[]' OR state IN (SELECT value FROM json_each(@states)))
      AND (@results = '[]' OR json_extract(run, '$.result') IN (SELECT value FROM json_each(@results)))
      AND (@silent = 0 OR problem <> '')
      AND (@search = '' OR identity LIKE @like ESCAPE '\\' OR disable_message LIKE @like ESCAPE '\\' OR problem LIKE @like ESCAPE '\\')`;
  const countRows = db.prepare<[object], number>(`${chosen} SELECT count(*) ${narrowed}`).pluck();
  const countStates = db.prepare<[object], CountRow>(`${chosen}
    SELECT state, count(*) AS nodes, sum(daemon_present) AS daemons,
      count(*) FILTER (WHERE json_extract(run, '$.result') = 'failed') AS failing,
      count(*) FILTER (WHERE json_extract(run, '$.result') = 'changed') AS changed,
      count(*) FILTER (WHERE problem <> '') AS silent
    FROM rows GROUP BY state`);

  const figureRows = db.prepare<[object], FigureRow>(
    `${chosen} SELECT told_at_ms AS toldAtMs, last_run_at_ms AS lastRunAtMs, json_extract(run, '$.totalTime') AS totalTime FROM rows`,
  );

  /** The nodes that a filter means, as the statements above take them. Errors: those of the filter. */
  function meant(filter: string): Result<{ readonly identities: string; readonly everybody: number }> {
    const isEverybody = filter.trim() === '';
    const found = parts.matching(isEverybody ? '@agent=puppet' : `(${filter}) and @agent=puppet`);
    if (!found.ok) return found;
    return ok({ identities: JSON.stringify(found.value), everybody: Number(isEverybody) });
  }

  const read = db.transaction(
    (params: EndpointParams<'puppet.overview'>): Result<EndpointResult<'puppet.overview'>> => {
      const { filter, states, results = [], silent = false, search, sort, offset, limit } = params;
      const everyone = meant(filter);
      if (!everyone.ok) return everyone;
      const bound = {
        ...everyone.value,
        states: JSON.stringify(states),
        results: JSON.stringify(results),
        silent: Number(silent),
        search,
        like: containing(search),
      };
      const rows = db
        .prepare<[object], PuppetRow>(
          `${chosen} SELECT * ${narrowed} ORDER BY ${orderOf(sort)} LIMIT @limit OFFSET @offset`,
        )
        .all({ ...bound, limit, offset });
      return ok({
        total: countRows.get(bound) ?? 0,
        counts: countsOf(countStates.all(everyone.value)),
        rows: rows.map(rowToNode),
        refreshedAtMs: readRefreshed.get() ?? null,
      });
    },
  );

  return {
    notePuppet(news: readonly PuppetNews[]): Result<void> {
      if (news.length > 0) note.immediate(news);
      return ok(undefined);
    },
    notePuppetRefresh(nowMs: number): Result<void> {
      refreshed.run(nowMs);
      parts.changed();
      return ok(undefined);
    },
    puppetOverview: (params: EndpointParams<'puppet.overview'>): Result<EndpointResult<'puppet.overview'>> =>
      read(params),
    puppetFigures(filter: string, nowMs: number): Result<PuppetFigures> {
      const everyone = meant(filter);
      return everyone.ok ? ok(figuresOf(figureRows.all(everyone.value), nowMs)) : everyone;
    },
    puppetRevision: (): Result<number> => ok(readRevision.get() ?? 0),
  };
}
