import type { Database } from 'better-sqlite3';
import type { Counted, EndpointParams, EndpointResult, FleetAgent, NodeDetail } from '@muster/protocol/bridge';
import type { AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { countClasses, countFactPaths, countFactValues, factColumn } from './facets.ts';
import { NodeCache, type CachedNode } from './node-cache.ts';
import { NodeFilter } from './node-filter.ts';
import { jsonColumn, namesColumn } from './json-column.ts';

const facts = jsonColumn<NodeDetail['facts']>();
const ddls = jsonColumn<AgentDdl>();

type Order = (a: CachedNode, b: CachedNode) => number;

const byNumberOrText = (a: string | null, b: string | null): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference) && a !== '' && b !== '') return difference;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Nodes without the fact come last in both directions. */
function orderBy({ by, descending }: EndpointParams<'fleet.list'>['sort']): Order {
  const sign = descending ? -1 : 1;
  if (by === 'identity') return (a, b) => sign * (a.identity < b.identity ? -1 : 1);
  if (by === 'lastSeen') return (a, b) => sign * (a.lastSeenMs - b.lastSeenMs);
  const text = factColumn(by);
  return (a, b) => {
    const [left, right] = [text(a), text(b)];
    const order = byNumberOrText(left, right);
    return left === null || right === null ? order : sign * order;
  };
}

interface NodeRow {
  identity: string;
  agent_version: string;
  first_seen_ms: number;
  last_seen_ms: number;
  clock_skew_ms: number | null;
  agents_digest: string | null;
  synced_at_ms: number | null;
  collectives: string;
  facts: string;
  classes: string;
  agents: string;
}

interface AgentRow {
  name: string;
  ddl: string;
  learnt_at_ms: number;
}

/** Reading the inventory; filters are evaluated here, beside the main thread. */
export function createInventoryReads(db: Database) {
  const cache = new NodeCache(db);
  const filter = new NodeFilter(cache);
  const getNode = db.prepare<[string], NodeRow>('SELECT * FROM nodes WHERE identity = ?');
  const versions = db.prepare<[string | null], { name: string; version: string }>(
    'SELECT name, version FROM agent_sets WHERE digest = ?',
  );
  const newestAgents = db.prepare<[], AgentRow>(
    'SELECT name, ddl, max(learnt_at_ms) AS learnt_at_ms FROM agents GROUP BY name ORDER BY name',
  );
  const newestAgent = db.prepare<[string], AgentRow>(
    'SELECT name, ddl, learnt_at_ms FROM agents WHERE name = ? ORDER BY learnt_at_ms DESC LIMIT 1',
  );
  const stale = db
    .prepare<[], string>(
      'SELECT identity FROM nodes WHERE synced_at_ms IS NULL OR announced IS NOT read ORDER BY identity',
    )
    .pluck();
  const unknownAgents = db.prepare<[], { digest: string; identity: string }>(`
    SELECT agents_digest AS digest, identity FROM nodes
    WHERE agents_digest IS NOT NULL AND agents_digest NOT IN (SELECT digest FROM agent_sets)
    ORDER BY last_seen_ms DESC`);
  const fleet = db.prepare<[], { revision: number; swept_at_ms: number | null }>('SELECT * FROM fleet');
  const total = db.prepare<[], number>('SELECT count(*) FROM nodes').pluck();
  const lastSweep = () => fleet.get()?.swept_at_ms ?? null;

  return {
    countNodes(text: string): Result<{ matching: number; total: number }> {
      const selected = filter.select(text);
      return selected.ok ? ok({ matching: selected.value.matching.length, total: selected.value.total }) : selected;
    },
    listNodes(params: EndpointParams<'fleet.list'>): Result<EndpointResult<'fleet.list'>> {
      const selected = filter.select(params.filter);
      if (!selected.ok) return selected;
      const { matching, total } = selected.value;
      const { sort, offset, limit } = params;
      // Nodes come sorted by identity already.
      const sorted = sort.by === 'identity' && !sort.descending ? matching : matching.toSorted(orderBy(sort));
      const columns = params.columns.map((path) => ({ path, text: factColumn(path) }));
      const rows = sorted.slice(offset, offset + limit).map((node) => ({
        identity: node.identity,
        lastSeenMs: node.lastSeenMs,
        agentVersion: node.agentVersion,
        facts: Object.fromEntries(columns.map(({ path, text }) => [path, text(node)])),
      }));
      return ok({ matching: matching.length, total, rows });
    },
    identitiesMatching(text: string): Result<string[]> {
      const selected = filter.select(text);
      return selected.ok ? ok(selected.value.matching.map((node) => node.identity)) : selected;
    },
    getNode(identity: string): Result<NodeDetail> {
      const row = getNode.get(identity);
      if (row === undefined) return fail('node.unknown', `There is no node ${identity} in the inventory`);
      const known = new Map(versions.all(row.agents_digest).map(({ name, version }) => [name, version]));
      return ok({
        identity,
        collectives: [...namesColumn.read(row.collectives)],
        facts: facts.read(row.facts),
        classes: [...namesColumn.read(row.classes)],
        agents: namesColumn.read(row.agents).map((name) => ({ name, version: known.get(name) ?? '' })),
        agentVersion: row.agent_version,
        firstSeenMs: row.first_seen_ms,
        lastSeenMs: row.last_seen_ms,
        syncedAtMs: row.synced_at_ms,
        clockSkewMs: row.clock_skew_ms,
      });
    },
    factPaths: (): Result<Counted[]> => ok(countFactPaths(cache.nodes())),
    factValues: (path: string, limit: number): Result<{ values: Counted[]; distinct: number }> =>
      ok(countFactValues(cache.nodes(), path, limit)),
    classes: (): Result<Counted[]> => ok(countClasses(cache.nodes())),
    agents(): Result<FleetAgent[]> {
      const counts = new Map<string, number>();
      for (const node of cache.nodes()) for (const name of node.agents) counts.set(name, (counts.get(name) ?? 0) + 1);
      return ok(newestAgents.all().map(({ name, ddl }) => ({ ddl: ddls.read(ddl), nodes: counts.get(name) ?? 0 })));
    },
    agentDdl(name: string): Result<{ ddl: AgentDdl; learntAtMs: number } | null> {
      const row = newestAgent.get(name);
      return ok(row === undefined ? null : { ddl: ddls.read(row.ddl), learntAtMs: row.learnt_at_ms });
    },
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
