import type { Database } from 'better-sqlite3';
import {
  updateVersionsShown,
  type EndpointParams,
  type EndpointResult,
  type PackageUpdate,
} from '@muster/protocol/bridge';
import { createRunStamp } from './run-stamp.ts';

interface VersionRow {
  readonly package: string;
  readonly version: string;
  readonly nodes: number;
}

/**
 * One row for each node and package that it could update. What nodes send is never trusted to have the form of their DDL: elements of
 * another form are passed over. A node may name a package twice, for two architectures.
 */
const eachUpdate = `
  SELECT DISTINCT run_nodes.identity AS identity,
    json_extract(one.value, '$.package') AS package,
    coalesce(json_extract(one.value, '$.version'), '') AS version
  FROM run_nodes, json_each(run_nodes.data, '$.outdated_packages') AS one
  WHERE run_nodes.run_id = @runId AND run_nodes.state = 'ok' AND one.type = 'object'
    AND json_type(one.value, '$.package') = 'text'`;

interface Gathered {
  readonly answered: number;
  readonly current: number;
  readonly updates: readonly PackageUpdate[];
}

/** What runs of `package checkupdates` found, by package. */
export class PackageUpdates {
  readonly #nodes;
  readonly #versions;
  readonly #figures;
  readonly #identities;
  readonly #stampOf;
  /** What was gathered last: somebody looks at one run, and types. */
  #last: { readonly stamp: string; readonly gathered: Gathered } | null = null;

  constructor(db: Database) {
    this.#nodes = db.prepare<[object], { package: string; nodes: number }>(
      `SELECT package, count(DISTINCT identity) AS nodes FROM (${eachUpdate})
       GROUP BY package ORDER BY nodes DESC, package`,
    );
    this.#versions = db.prepare<[object], VersionRow>(
      `SELECT package, version, count(*) AS nodes FROM (${eachUpdate})
       GROUP BY package, version ORDER BY nodes DESC, version`,
    );
    this.#figures = db.prepare<[object], { answered: number; outdated: number }>(
      `SELECT (SELECT count(*) FROM run_nodes WHERE run_id = @runId AND state = 'ok') AS answered,
         (SELECT count(DISTINCT identity) FROM (${eachUpdate})) AS outdated`,
    );
    this.#identities = db
      .prepare<[object], string>(
        `SELECT DISTINCT identity FROM (${eachUpdate}) WHERE package = @package ORDER BY identity`,
      )
      .pluck();
    this.#stampOf = createRunStamp(db);
  }

  slice({ runId, search, offset, limit }: EndpointParams<'software.updates'>): EndpointResult<'software.updates'> {
    const { answered, current, updates } = this.#gathered(runId);
    const wanted = search.trim().toLowerCase();
    const found = updates.filter((update) => update.package.toLowerCase().includes(wanted));
    return { total: found.length, answered, current, updates: found.slice(offset, offset + limit) };
  }

  identities(runId: string, name: string): readonly string[] {
    return this.#identities.all({ runId, package: name });
  }

  #gathered(runId: string): Gathered {
    const stamp = `${runId} ${this.#stampOf(runId) ?? ''}`;
    if (this.#last?.stamp !== stamp) this.#last = { stamp, gathered: this.#gather(runId) };
    return this.#last.gathered;
  }

  #gather(runId: string): Gathered {
    const { answered = 0, outdated = 0 } = this.#figures.get({ runId }) ?? {};
    const versions = Map.groupBy(this.#versions.iterate({ runId }), (row) => row.package);
    const updates = this.#nodes.all({ runId }).map(({ package: name, nodes }) => {
      const all = versions.get(name) ?? [];
      return {
        package: name,
        nodes,
        versions: all.slice(0, updateVersionsShown).map((row) => ({ version: row.version, nodes: row.nodes })),
        distinct: all.length,
      };
    });
    return { answered, current: answered - outdated, updates };
  }
}
