import type { Database } from 'better-sqlite3';
import {
  codeField,
  comparisonKinds,
  messageField,
  type ComparedNode,
  type ComparedSide,
  type Comparison,
  type ComparisonKind,
  type EndpointParams,
  type EndpointResult,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { NodeState } from '@muster/protocol/run';
import type { ComparisonReader } from '../stores/runs.ts';
import { canonical } from './canonical-json.ts';
import { jsonColumn } from './json-column.ts';
import { rowToRun, selectRuns, type RunTableRow } from './run-rows.ts';
import { containing } from './searching.ts';

type Pair = Pick<EndpointParams<'comparisons.get'>, 'before' | 'after'>;
type Choice = Omit<EndpointParams<'comparisons.nodes'>, 'offset' | 'limit'>;

interface ComparedRow {
  identity: string;
  kind: ComparisonKind;
  fields: string;
  before_state: NodeState | null;
  before_code: number | null;
  before_message: string | null;
  before_data: string | null;
  after_state: NodeState | null;
  after_code: number | null;
  after_message: string | null;
  after_data: string | null;
}

/** How many comparisons are kept: as many windows as somebody may look at. */
const keptAtMost = 4;
const partnersAtMost = 12;
/** Among so many runs of the same action a partner with the same target is looked for. */
const partnersLookedAt = 200;

const data = jsonColumn<ComparedSide['data']>();
const fieldList = jsonColumn<readonly string[]>();

/** Names of the outputs that differ in two answers, as JSON. The order of members in hashes makes no difference. */
function changedOutputs(before: string, after: string): string {
  const [usual, here] = [data.read(before), data.read(after)];
  const names = [...new Set([...Object.keys(usual), ...Object.keys(here)])].sort();
  return fieldList.write(
    names.filter((name) => {
      const [one, other] = [usual[name], here[name]];
      return one === undefined || other === undefined ? one !== other : canonical(one) !== canonical(other);
    }),
  );
}

const sideOf = (
  state: NodeState | null,
  statusCode: number | null,
  message: string | null,
  stored: string | null,
): ComparedSide | null =>
  state === null ? null : { state, statusCode, statusMessage: message ?? '', data: data.read(stored ?? '{}') };

const rowToNode = (row: ComparedRow): ComparedNode => ({
  identity: row.identity,
  kind: row.kind,
  fields: [...fieldList.read(row.fields)],
  before: sideOf(row.before_state, row.before_code, row.before_message, row.before_data),
  after: sideOf(row.after_state, row.after_code, row.after_message, row.after_data),
});

/** The kind of a node, with what is ignored: decided when it is read, so that ignoring a field compares nothing anew. */
const kindOf = `CASE
  WHEN presence <> 'both' THEN presence
  WHEN states_differ THEN 'state'
  WHEN fields = '[]' THEN 'same'
  WHEN EXISTS (SELECT 1 FROM json_each(fields) WHERE value NOT IN (SELECT value FROM json_each(@ignore))) THEN 'changed'
  ELSE 'same' END`;

const chosen = `
  FROM temp.compared WHERE comparison_id = @id
    AND (@search = '' OR identity LIKE @like ESCAPE '\\')
    AND (@kinds = '[]' OR ${kindOf} IN (SELECT value FROM json_each(@kinds)))
    AND (@field = '' OR EXISTS (SELECT 1 FROM json_each(fields) WHERE value = @field))`;

const boundChoice = ({ ignore, kinds, field = '', search }: Choice) => ({
  ignore: JSON.stringify(ignore),
  kinds: JSON.stringify(kinds),
  field,
  search,
  like: containing(search),
});

/**
 * Compares two runs, node by node. What is found is kept in a temporary table, by name and without the answers, which are read for the rows that
 * somebody looks at.
 */
export function createComparisons(db: Database) {
  db.function('changed_outputs', { deterministic: true }, (before: unknown, after: unknown) =>
    changedOutputs(String(before), String(after)),
  );
  db.exec(`
    CREATE TEMP TABLE IF NOT EXISTS compared (
      comparison_id INTEGER NOT NULL,
      identity TEXT NOT NULL,
      -- 'both', or the kind of a node that only one of the runs has.
      presence TEXT NOT NULL,
      states_differ INTEGER NOT NULL,
      -- JSON: see ComparedNode.
      fields TEXT NOT NULL,
      PRIMARY KEY (comparison_id, identity)
    ) STRICT, WITHOUT ROWID`);
  const getRun = db.prepare<[string], RunTableRow>(`${selectRuns} WHERE run_id = ? AND removed_at_ms IS NULL`);
  const compareBoth = db.prepare(`
    INSERT INTO temp.compared
    SELECT @id, old.identity, CASE WHEN new.identity IS NULL THEN 'only_before' ELSE 'both' END, old.state IS NOT new.state,
      CASE
        WHEN new.identity IS NULL THEN '[]'
        WHEN old.data = new.data AND old.status_message = new.status_message AND old.status_code IS new.status_code THEN '[]'
        ELSE (SELECT json_group_array(value) FROM (
          SELECT '${messageField}' AS value WHERE old.status_message <> new.status_message
          UNION ALL SELECT '${codeField}' WHERE old.status_code IS NOT new.status_code
          UNION ALL SELECT value FROM json_each(CASE WHEN old.data = new.data THEN '[]' ELSE changed_outputs(old.data, new.data) END)))
      END
    FROM run_nodes AS old LEFT JOIN run_nodes AS new ON new.run_id = @after AND new.identity = old.identity
    WHERE old.run_id = @before`);
  const addOthers = db.prepare(`
    INSERT INTO temp.compared
    SELECT @id, identity, 'only_after', 0, '[]' FROM run_nodes AS new
    WHERE run_id = @after AND NOT EXISTS (
      SELECT 1 FROM run_nodes AS old WHERE old.run_id = @before AND old.identity = new.identity)`);
  const forget = db.prepare('DELETE FROM temp.compared WHERE comparison_id = ?');
  const countKinds = db.prepare<[object], { kind: ComparisonKind; nodes: number }>(
    `SELECT ${kindOf} AS kind, count(*) AS nodes FROM temp.compared WHERE comparison_id = @id GROUP BY 1`,
  );
  const countFields = db.prepare<[object], { field: string; nodes: number }>(`
    SELECT value AS field, count(*) AS nodes FROM temp.compared, json_each(fields)
    WHERE comparison_id = @id AND presence = 'both' GROUP BY value ORDER BY nodes DESC, value`);
  const countChosen = db.prepare<[object], number>(`SELECT count(*) ${chosen}`).pluck();
  const rowsOf = (slice: string, more = '') =>
    db.prepare<[object], ComparedRow>(`
      SELECT page.identity, kind, page.fields,
        old.state AS before_state, old.status_code AS before_code, old.status_message AS before_message, old.data AS before_data,
        new.state AS after_state, new.status_code AS after_code, new.status_message AS after_message, new.data AS after_data
      FROM (SELECT identity, ${kindOf} AS kind,
          (SELECT json_group_array(value) FROM json_each(fields)
            WHERE value NOT IN (SELECT value FROM json_each(@ignore))) AS fields
        ${chosen} ${more} ORDER BY identity LIMIT @limit ${slice}) AS page
      LEFT JOIN run_nodes AS old ON old.run_id = @before AND old.identity = page.identity
      LEFT JOIN run_nodes AS new ON new.run_id = @after AND new.identity = page.identity
      ORDER BY page.identity`);
  const slice = rowsOf('OFFSET @offset');
  const page = rowsOf('', 'AND identity > @behind');
  const partners = db.prepare<[object], RunTableRow & { is_same_target: number }>(`
    WITH same AS (
      SELECT other.run_id AS partner_id, other.started_at_ms AS began, other.target = one.target AS is_same_target
      FROM runs AS one JOIN runs AS other ON other.agent = one.agent AND other.action = one.action
      WHERE one.run_id = @runId AND other.run_id <> @runId AND other.removed_at_ms IS NULL
      ORDER BY other.started_at_ms DESC LIMIT ${partnersLookedAt})
    SELECT found.*, is_same_target FROM same JOIN (${selectRuns}) AS found ON found.run_id = partner_id
    ORDER BY is_same_target DESC, began DESC LIMIT ${partnersAtMost}`);

  /** What was compared last comes last; the stamp tells whether an answer has come since. */
  const kept = new Map<string, number>();
  let lastId = 0;

  const compare = db.transaction((pair: Pair): number => {
    const id = ++lastId;
    compareBoth.run({ id, ...pair });
    addOthers.run({ id, ...pair });
    return id;
  });

  function keep(stamp: string, id: number): void {
    kept.delete(stamp);
    kept.set(stamp, id);
    for (const [old, oldId] of kept) {
      if (kept.size <= keptAtMost) return;
      kept.delete(old);
      forget.run(oldId);
    }
  }

  /** The two runs, and the number under which what they differ in is in the table. */
  function compared({ before, after }: Pair): Result<{ before: RunTableRow; after: RunTableRow; id: number }> {
    const [old, now] = [getRun.get(before), getRun.get(after)];
    if (old === undefined) return fail('run.unknown', `There is no run ${before}`);
    if (now === undefined) return fail('run.unknown', `There is no run ${after}`);
    const stamp = [before, old.revision, after, now.revision].join(' ');
    const id = kept.get(stamp) ?? compare({ before, after });
    keep(stamp, id);
    return ok({ before: old, after: now, id });
  }

  return {
    compareRuns({ ignore, ...pair }: EndpointParams<'comparisons.get'>): Result<Comparison> {
      const found = compared(pair);
      if (!found.ok) return found;
      const { before, after, id } = found.value;
      const counted = new Map(
        countKinds.all({ id, ignore: JSON.stringify(ignore) }).map(({ kind, nodes }) => [kind, nodes]),
      );
      const kinds = Object.fromEntries(comparisonKinds.map((kind) => [kind, counted.get(kind) ?? 0]));
      return ok({
        before: rowToRun(before),
        after: rowToRun(after),
        nodes: [...counted.values()].reduce((sum, nodes) => sum + nodes, 0),
        // Made of all kinds, which the compiler does not see.
        kinds: kinds as Comparison['kinds'],
        fields: countFields.all({ id }),
      });
    },
    comparedNodes({
      offset,
      limit,
      ...choice
    }: EndpointParams<'comparisons.nodes'>): Result<EndpointResult<'comparisons.nodes'>> {
      const found = compared(choice);
      if (!found.ok) return found;
      const bound = { id: found.value.id, ...boundChoice(choice) };
      const { before, after } = choice;
      const rows = slice.all({ ...bound, before, after, offset, limit });
      return ok({ total: countChosen.get(bound) ?? 0, rows: rows.map(rowToNode) });
    },
    comparisonPage({
      behind,
      limit,
      ...choice
    }: Parameters<ComparisonReader['comparisonPage']>[0]): Result<ComparedNode[]> {
      const found = compared(choice);
      if (!found.ok) return found;
      const { before, after } = choice;
      const bound = { id: found.value.id, ...boundChoice(choice), before, after, behind, limit };
      return ok(page.all(bound).map(rowToNode));
    },
    comparisonPartners(runId: string): Result<EndpointResult<'comparisons.partners'>['partners']> {
      if (getRun.get(runId) === undefined) return fail('run.unknown', `There is no run ${runId}`);
      const rows = partners.all({ runId });
      return ok(rows.map((row) => ({ run: rowToRun(row), isSameTarget: row.is_same_target === 1 })));
    },
  };
}
