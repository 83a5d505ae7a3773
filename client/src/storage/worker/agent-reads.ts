import type { Database } from 'better-sqlite3';
import type { AgentVersions, Counted, FleetAgent, FleetDataPlugin } from '@muster/protocol/bridge';
import type { AgentDdl, DataDdl } from '@muster/protocol/ddl';
import { ok, type Result } from '@muster/protocol/errors';
import type { NodeSet } from '../stores/fleet.ts';
import { both, either, hasBit, noSlots, type Bits } from './columns/bits.ts';
import type { Selection } from './columns/column-filter.ts';
import { jsonColumn } from './json-column.ts';
import type { NodeTable } from './node-table.ts';

const ddls = jsonColumn<AgentDdl>();
const dataDdls = jsonColumn<DataDdl>();

interface AgentRow {
  name: string;
  version: string;
  ddl: string;
  learnt_at_ms: number;
}

interface Versioned {
  readonly version: string;
  readonly nodes: number;
}

const byNumbers = new Intl.Collator('en', { numeric: true });

/** The version of most nodes first; of several such the highest. */
const commonestFirst = (a: Versioned, b: Versioned): number =>
  b.nodes - a.nodes || byNumbers.compare(b.version, a.version);

/**
 * The digest of a node's agents: the third of those that it announced, each of 64 characters and with a colon between them. What was read
 * of a node may be older.
 */
const agentsDigest = 'coalesce(substr(announced, 131, 64), agents_digest)';

/** Which agents and data plugins the fleet has, and in which versions. */
export function createAgentReads(
  db: Database,
  nodes: NodeTable,
  inventory: {
    readonly atOneMoment: <T>(read: () => T) => T;
    readonly select: (filter: string) => Result<Selection>;
    /** How many nodes have each agent. */
    readonly counted: () => Result<Counted[]>;
  },
) {
  const knownAgents = db.prepare<[], Omit<AgentRow, 'ddl'>>('SELECT name, version, learnt_at_ms FROM agents');
  const ddlOf = db.prepare<[string, string], string>('SELECT ddl FROM agents WHERE name = ? AND version = ?').pluck();
  const learntLast = db.prepare<[string], AgentRow>(
    'SELECT * FROM agents WHERE name = ? ORDER BY learnt_at_ms DESC LIMIT 1',
  );
  const versionCounts = db.prepare<[], { name: string; version: string; nodes: number }>(`
    SELECT name, version, sum(alike) AS nodes
    FROM (SELECT ${agentsDigest} AS digest, count(*) AS alike FROM nodes GROUP BY 1) JOIN agent_sets USING (digest)
    GROUP BY name, version`);
  const dataPlugins = db.prepare<[], { ddl: string; nodes: number }>(`
    SELECT ddl, sum(alike) AS nodes
    FROM (SELECT ${agentsDigest} AS digest, count(*) AS alike FROM nodes GROUP BY 1)
      JOIN data_plugin_sets USING (digest) JOIN data_plugins USING (name, version)
    GROUP BY name, version ORDER BY name, nodes DESC, learnt_at_ms DESC`);
  const digests = db
    .prepare<[], [slot: number, digest: string | null, seenAtMs: number]>(
      `SELECT slot, ${agentsDigest}, last_seen_ms FROM nodes`,
    )
    .raw();
  const versionIn = db
    .prepare<[string, string], string>('SELECT version FROM agent_sets WHERE digest = ? AND name = ?')
    .pluck();
  const isKnownSet = db.prepare<[string], number>('SELECT 1 FROM agent_sets WHERE digest = ? LIMIT 1').pluck();

  const ddl = (name: string, version: string): AgentDdl[] => {
    const stored = ddlOf.get(name, version);
    return stored === undefined ? [] : [ddls.read(stored)];
  };

  /** The nodes of a set that the inventory has, and how many are named that it lacks. */
  function slotsOf({ identities, filter, within }: NodeSet): Result<{ slots: Bits; strangers: number }> {
    const bounds = inventory.select(within);
    if (!bounds.ok) return bounds;
    let slots = noSlots(nodes.size);
    if (filter !== null) {
      const selected = inventory.select(filter);
      if (!selected.ok) return selected;
      slots = either(slots, selected.value.possible);
    }
    let strangers = 0;
    for (const identity of identities) {
      const slot = nodes.slotOf(identity);
      if (slot === undefined) strangers += 1;
      else slots[slot >>> 5] = (slots[slot >>> 5] ?? 0) | (1 << (slot & 31));
    }
    return ok({ slots: both(slots, bounds.value.possible), strangers });
  }

  /** Whether it is known which agents the nodes with this digest have. */
  const isKnown = (digest: string | null): digest is string => digest !== null && isKnownSet.get(digest) !== undefined;

  return {
    agents: (): Result<FleetAgent[]> =>
      inventory.atOneMoment(() => {
        const counted = inventory.counted();
        if (!counted.ok) return counted;
        const having = new Map(counted.value.map(({ value, nodes: count }) => [value, count]));
        const found = Map.groupBy(versionCounts.all(), ({ name }) => name);
        const learnt = Map.groupBy(knownAgents.all(), ({ name }) => name);
        return ok(
          [...learnt]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .flatMap(([name, rows]) => {
              const newest = rows.reduce((a, b) => (b.learnt_at_ms > a.learnt_at_ms ? b : a));
              const versions = (found.get(name) ?? [{ version: newest.version, nodes: 0 }])
                .map(({ version, nodes: count }) => ({ version, nodes: count }))
                .sort(commonestFirst);
              const count = having.get(name) ?? 0;
              return ddl(name, versions[0]?.version ?? '').map((first) => ({ ddl: first, nodes: count, versions }));
            }),
        );
      }),
    agentVersions: (name: string, among: NodeSet, seenSinceMs: number): Result<AgentVersions> =>
      inventory.atOneMoment(() => {
        const chosen = slotsOf(among);
        if (!chosen.ok) return chosen;
        let unknown = chosen.value.strangers;
        const alike = new Map<string | null, number>();
        for (const [slot, digest, seenAtMs] of digests.iterate()) {
          if (!hasBit(chosen.value.slots, slot)) continue;
          if (seenAtMs < seenSinceMs) unknown += 1;
          else alike.set(digest, (alike.get(digest) ?? 0) + 1);
        }
        let lacking = 0;
        const counts = new Map<string, number>();
        for (const [digest, count] of alike) {
          const version = isKnown(digest) ? versionIn.get(digest, name) : null;
          if (version === null) unknown += count;
          else if (version === undefined) lacking += count;
          else counts.set(version, (counts.get(version) ?? 0) + count);
        }
        const versions = [...counts]
          .map(([version, count]) => ({ version, nodes: count }))
          .sort(commonestFirst)
          .flatMap(({ version, nodes: count }) => ddl(name, version).map((one) => ({ ddl: one, nodes: count })));
        return ok({ versions, lacking, unknown });
      }),
    dataPlugins(): Result<FleetDataPlugin[]> {
      const versions = dataPlugins
        .all()
        .map(({ ddl: stored, nodes: count }) => ({ ddl: dataDdls.read(stored), nodes: count }));
      return ok(
        [...Map.groupBy(versions, ({ ddl: { name } }) => name)].map(([name, all]) => ({ name, versions: all })),
      );
    },
    /** The DDL learnt last, and when. */
    agentDdl(name: string): Result<{ ddl: AgentDdl; learntAtMs: number } | null> {
      const row = learntLast.get(name);
      return ok(row === undefined ? null : { ddl: ddls.read(row.ddl), learntAtMs: row.learnt_at_ms });
    },
  };
}
