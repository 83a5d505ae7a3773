import type { Database } from 'better-sqlite3';
import type {
  Counted,
  EndpointParams,
  EndpointResult,
  Facet,
  FactPath,
  MatchCount,
  NodeDetail,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { createAgentReads } from './agent-reads.ts';
import { countBits, type Bits } from './columns/bits.ts';
import { ColumnCache } from './columns/column-cache.ts';
import { ColumnFilter, type Selection } from './columns/column-filter.ts';
import type { NameList } from './columns/column-names.ts';
import { createFigures } from './columns/figures.ts';
import { factTexts } from './fact-text.ts';
import { countTexts, facetOf } from './facets.ts';
import { createFleetReport } from './fleet-report.ts';
import { readStoredDetails, type StoredDetails } from './node-details.ts';
import { createNodeHealth } from './node-health.ts';
import { NodeLists } from './node-lists.ts';
import { NodeTable } from './node-table.ts';

/** What columns may take in memory, in bytes: some three hundred ordinary ones of 50,000 nodes. */
const usualColumnsBoundBytes = 96 * 1024 * 1024;

interface NodeRow {
  identity: string;
  agent_version: string;
  first_seen_ms: number;
  last_seen_ms: number;
  clock_skew_ms: number | null;
  agents_digest: string | null;
  synced_at_ms: number | null;
}

/** Nodes that have only given a sign of life have no details. */
type FoundRow = NodeRow & ({ [K in keyof StoredDetails]: StoredDetails[K] } | { [K in keyof StoredDetails]: null });
const hasDetails = (row: FoundRow): row is NodeRow & StoredDetails => row.facts !== null;
const nothingRead: ReturnType<typeof readStoredDetails> = { facts: {}, classes: [], agents: [], collectives: [] };

/** Reading the inventory; filters are evaluated here, beside the main thread. */
export function createInventoryReads(db: Database, columnsBoundBytes = usualColumnsBoundBytes) {
  const nodes = new NodeTable(db);
  const columns = new ColumnCache(db, columnsBoundBytes);
  const filters = new ColumnFilter(nodes, columns);
  const lists = new NodeLists(db, nodes, columns);
  const factPaths = createFigures(db);
  const getNode = db.prepare<[string], FoundRow>(
    'SELECT * FROM nodes LEFT JOIN node_details USING (slot) WHERE identity = ?',
  );
  const versions = db.prepare<[string | null], { name: string; version: string }>(
    'SELECT name, version FROM agent_sets WHERE digest = ?',
  );
  const stale = db
    .prepare<[], string>('SELECT identity FROM nodes WHERE synced_at_ms IS NULL OR announced IS NOT read ORDER BY slot')
    .pluck();
  const unknownAgents = db.prepare<[], { digest: string; identity: string }>(`
    SELECT agents_digest AS digest, identity FROM nodes
    WHERE agents_digest IS NOT NULL AND agents_digest NOT IN (SELECT digest FROM agent_sets)
    ORDER BY last_seen_ms DESC`);
  const fleet = db.prepare<[], { revision: number; swept_at_ms: number | null }>('SELECT * FROM fleet');
  const total = db.prepare<[], number>('SELECT count(*) FROM nodes').pluck();
  const lastSweep = () => fleet.get()?.swept_at_ms ?? null;

  /** Everything that `read` sees is of one moment, whatever other processes write. */
  const atOneMoment = <T>(read: () => T): T => db.transaction(read)();

  /** The nodes that match, or may match. Errors: those of the filter. */
  const select = (filter: string): Result<Selection> => {
    nodes.refresh();
    return filters.select(filter);
  };

  /** Selects nodes and hands them on. Errors: those of the filter. */
  function ofMatching<T>(filter: string, read: (slots: Bits, match: MatchCount) => T): Result<T> {
    return atOneMoment(() => {
      const selected = select(filter);
      if (!selected.ok) return selected;
      const { possible, needsFleet } = selected.value;
      return ok(read(possible, { matching: countBits(possible), total: nodes.size, needsFleet }));
    });
  }

  const countFact = (path: string, slots: Bits) => countTexts(columns.fact(path).column, slots, factTexts);
  const countNames = (list: NameList, slots: Bits) =>
    // Columns of names hold arrays of texts and nothing else.
    countTexts(columns.names(list).column, slots, (names) => [...new Set(names as readonly string[])]);

  return {
    countNodes: (filter: string): Result<MatchCount> => ofMatching(filter, (_slots, match) => match),
    listNodes: (params: EndpointParams<'fleet.list'>): Result<EndpointResult<'fleet.list'>> =>
      ofMatching(params.filter, (slots, match) => ({ ...match, rows: lists.slice(slots, params) })),
    identitiesMatching(filter: string): Result<string[]> {
      const found = ofMatching(filter, (slots, { needsFleet }) =>
        needsFleet ? null : lists.sorted(slots).flatMap((slot) => nodes.lines[slot]?.identity ?? []),
      );
      if (!found.ok) return found;
      return found.value === null
        ? fail('filter.needs_fleet', 'The filter asks data plugins, which only the nodes can answer')
        : ok(found.value);
    },
    knownIdentities(identities: readonly string[]): Result<string[]> {
      nodes.refresh();
      return ok(identities.filter((identity) => nodes.slotOf(identity) !== undefined));
    },
    getNode(identity: string): Result<NodeDetail> {
      const row = getNode.get(identity);
      if (row === undefined) return fail('node.unknown', `There is no node ${identity} in the inventory`);
      const known = new Map(versions.all(row.agents_digest).map(({ name, version }) => [name, version]));
      const details = hasDetails(row) ? readStoredDetails(row) : nothingRead;
      return ok({
        identity,
        collectives: [...details.collectives],
        facts: details.facts,
        classes: [...details.classes],
        agents: details.agents.map((name) => ({ name, version: known.get(name) ?? '' })),
        agentVersion: row.agent_version,
        firstSeenMs: row.first_seen_ms,
        lastSeenMs: row.last_seen_ms,
        syncedAtMs: row.synced_at_ms,
        clockSkewMs: row.clock_skew_ms,
      });
    },
    factPaths: (): Result<FactPath[]> => ok(factPaths()),
    factValues: (path: string, limit: number, filter: string): Result<Facet> =>
      ofMatching(filter, (slots) => facetOf(countFact(path, slots), limit)),
    classes: (filter: string): Result<Counted[]> => ofMatching(filter, (slots) => countNames('classes', slots)),
    collectives: (filter: string): Result<Counted[]> => ofMatching(filter, (slots) => countNames('collectives', slots)),
    facets: ({ filter, paths, limit }: EndpointParams<'fleet.facets'>): Result<EndpointResult<'fleet.facets'>> =>
      ofMatching(filter, (slots, match) => ({
        ...match,
        facts: paths.map((path) => ({ path, ...facetOf(countFact(path, slots), limit) })),
        classes: facetOf(countNames('classes', slots), limit),
        agents: facetOf(countNames('agents', slots), limit),
        collectives: facetOf(countNames('collectives', slots), limit),
      })),
    ...createFleetReport({ nodes, columns, lists, ofMatching }),
    ...createNodeHealth(db, nodes),
    ...createAgentReads(db, nodes, {
      atOneMoment,
      select,
      counted: () => ofMatching('', (slots) => countNames('agents', slots)),
    }),
    staleNodes: (): Result<string[]> => ok(stale.all()),
    unknownAgents(): Result<{ digest: string; identities: string[] }[]> {
      const found = Map.groupBy(unknownAgents.all(), ({ digest }) => digest);
      return ok(
        [...found].map(([digest, rows]) => ({ digest, identities: rows.slice(0, 3).map(({ identity }) => identity) })),
      );
    },
    lastSweep: (): Result<number | null> => ok(lastSweep()),
    fleetRevision: (): Result<{ total: number; revision: number }> =>
      ok({ total: total.get() ?? 0, revision: fleet.get()?.revision ?? 0 }),
  };
}
