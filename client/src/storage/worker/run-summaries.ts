import type { Database } from 'better-sqlite3';
import { countedValues, type Finding, type ResultRow, type RunAggregate } from '@muster/protocol/bridge';
import { createAggregator, type ActionDefinition, type AggregateFinding, type Aggregator } from '@muster/protocol/ddl';
import { jsonColumn } from './json-column.ts';

/** How many runs are kept in memory: a person looks at one, and at another meanwhile. */
const runsKept = 2;

/** How far the console's clock may go back between two answers without one being missed, in milliseconds. */
const clockMayGoBackMs = 60_000;

interface Gathering {
  readonly aggregator: Aggregator;
  /** Nodes whose answers are in it. */
  readonly seen: Set<string>;
  newestMs: number;
}

interface AnswerRow {
  readonly data: string;
  readonly arrived_at_ms: number;
}

const data = jsonColumn<ResultRow['data']>();

/** A list of counts may be as long as the fleet is large: nobody reads more than its beginning. */
function bounded(finding: AggregateFinding): Finding {
  switch (finding.kind) {
    case 'counts': {
      const { counts } = finding;
      const others = counts.slice(countedValues).reduce((sum, { count }) => sum + count, 0);
      return {
        kind: 'counts',
        counts: counts.slice(0, countedValues).map((counted) => ({ ...counted })),
        distinct: counts.length,
        others,
      };
    }
    case 'chart':
      return { kind: 'chart', buckets: finding.buckets.map((bucket) => ({ ...bucket })) };
    default:
      return { ...finding };
  }
}

/** The aggregates of runs. Answers are added as they come: of a run that goes on, each is read once. */
export class RunSummaries {
  readonly #arrived;
  readonly #answer;
  readonly #runs = new Map<string, Gathering>();

  constructor(db: Database) {
    this.#arrived = db
      .prepare<[string, number], string>(
        "SELECT identity FROM run_nodes WHERE run_id = ? AND arrived_at_ms >= ? AND state IN ('ok', 'failed')",
      )
      .pluck();
    this.#answer = db.prepare<[string, string], AnswerRow>(
      'SELECT data, arrived_at_ms FROM run_nodes WHERE run_id = ? AND identity = ?',
    );
  }

  of(runId: string, action: ActionDefinition): RunAggregate[] {
    if (action.aggregates.length === 0) return [];
    const gathering = this.#gathering(runId, action);
    for (const identity of this.#arrived.all(runId, gathering.newestMs - clockMayGoBackMs)) {
      const row = gathering.seen.has(identity) ? undefined : this.#answer.get(runId, identity);
      if (row === undefined) continue;
      gathering.seen.add(identity);
      gathering.newestMs = Math.max(gathering.newestMs, row.arrived_at_ms);
      gathering.aggregator.add(data.read(row.data));
    }
    return gathering.aggregator.summaries().map(({ function: name, output, title, answers, finding }) => ({
      function: name,
      output,
      title,
      answers,
      finding: bounded(finding),
    }));
  }

  #gathering(runId: string, action: ActionDefinition): Gathering {
    const known = this.#runs.get(runId) ?? { aggregator: createAggregator(action), seen: new Set(), newestMs: 0 };
    // The one that was looked at last is forgotten last.
    this.#runs.delete(runId);
    this.#runs.set(runId, known);
    for (const [oldest] of this.#runs) if (this.#runs.size > runsKept) this.#runs.delete(oldest);
    return known;
  }
}
