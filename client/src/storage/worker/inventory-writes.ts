import type { Database } from 'better-sqlite3';
import type { PluginDdl } from '@muster/protocol/ddl';
import { ok, type Result } from '@muster/protocol/errors';
import type { Digests, ReadNode, SignOfLife } from '../stores/fleet.ts';
import { factPathOf } from './columns/column-names.ts';
import { ColumnChanges, createColumnWriter } from './columns/column-writer.ts';
import { noteChanges } from './columns/note-changes.ts';
import { createFactChangeWrites, type ChangedFact } from './fact-changes.ts';
import { createRecipientCalls } from './recipients.ts';
import { readStoredDetails, writeStoredDetails, type StoredDetails } from './node-details.ts';

const digestText = (digests: Digests): string =>
  [digests.facts, digests.classes, digests.agents, digests.collectives].join(':');

const isHash = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a column's change says of a fact; null for hashes, whose facts have columns of their own, and for what is no fact. */
function changedFact(column: string, before: unknown, after: unknown): ChangedFact | null {
  const path = factPathOf(column);
  const sides = { before: isHash(before) ? undefined : before, after: isHash(after) ? undefined : after };
  return path === null || (sides.before === undefined && sides.after === undefined) ? null : { path, ...sides };
}

/** Writing the inventory: each call is one transaction and one revision. */
export function createInventoryWrites(db: Database) {
  const columns = createColumnWriter(db);
  const nextRevision = db.prepare<[], number>('UPDATE fleet SET revision = revision + 1 RETURNING revision').pluck();
  const nextSlot = '(SELECT coalesce(max(slot) + 1, 0) FROM nodes)';
  const noteSign = db.prepare(`
    INSERT INTO nodes (slot, identity, revision, agent_version, first_seen_ms, last_seen_ms, clock_skew_ms, announced,
      heard_within_ms, stopped_at_ms, certificate_until_ms)
    VALUES (${nextSlot}, @identity, @revision, coalesce(@agentVersion, ''), @atMs, @atMs, @clockSkewMs, @announced,
      @heardWithinMs, @stoppedAtMs, @certificateUntilMs)
    ON CONFLICT (identity) DO UPDATE SET revision = @revision, last_seen_ms = max(last_seen_ms, @atMs),
      agent_version = coalesce(@agentVersion, agent_version), clock_skew_ms = coalesce(@clockSkewMs, clock_skew_ms),
      announced = coalesce(@announced, announced), heard_within_ms = coalesce(@heardWithinMs, heard_within_ms),
      stopped_at_ms = @stoppedAtMs, certificate_until_ms = coalesce(@certificateUntilMs, certificate_until_ms)`);
  const storeNode = db
    .prepare<[object], number>(
      `
    INSERT INTO nodes (slot, identity, revision, agent_version, first_seen_ms, last_seen_ms, clock_skew_ms,
      announced, read, agents_digest, synced_at_ms, certificate_until_ms)
    VALUES (${nextSlot}, @identity, @revision, @agentVersion, @atMs, @atMs, @clockSkewMs,
      @digests, @digests, @agentsDigest, @atMs, @certificateUntilMs)
    ON CONFLICT (identity) DO UPDATE SET revision = @revision, agent_version = @agentVersion,
      last_seen_ms = max(last_seen_ms, @atMs), clock_skew_ms = @clockSkewMs, announced = @digests, read = @digests,
      agents_digest = @agentsDigest, synced_at_ms = @atMs, stopped_at_ms = NULL,
      certificate_until_ms = coalesce(@certificateUntilMs, certificate_until_ms)
    RETURNING slot`,
    )
    .pluck();
  const readDetails = db.prepare<[number], StoredDetails>('SELECT * FROM node_details WHERE slot = ?');
  const storeDetails = db.prepare(`
    INSERT OR REPLACE INTO node_details (slot, facts, classes, agents, collectives)
    VALUES (@slot, @facts, @classes, @agents, @collectives)`);
  const storeAgent = db.prepare(`
    INSERT INTO agents (name, version, ddl, learnt_at_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (name, version) DO UPDATE SET ddl = excluded.ddl, learnt_at_ms = excluded.learnt_at_ms`);
  const storeInSet = db.prepare('INSERT OR REPLACE INTO agent_sets (digest, name, version) VALUES (?, ?, ?)');
  const storeData = db.prepare(`
    INSERT INTO data_plugins (name, version, ddl, learnt_at_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (name, version) DO UPDATE SET ddl = excluded.ddl, learnt_at_ms = excluded.learnt_at_ms`);
  const storeDataInSet = db.prepare('INSERT OR REPLACE INTO data_plugin_sets (digest, name, version) VALUES (?, ?, ?)');
  const noteSweep = db.prepare('UPDATE fleet SET swept_at_ms = ?');

  const history = createFactChangeWrites(db);
  const recipients = createRecipientCalls(db);

  const noteAll = db.transaction((signs: readonly SignOfLife[]) => {
    const revision = nextRevision.get();
    for (const { identity, atMs, digests, ...told } of signs) {
      noteSign.run({
        identity,
        revision,
        atMs,
        agentVersion: told.agentVersion ?? null,
        clockSkewMs: told.clockSkewMs ?? null,
        announced: digests === undefined ? null : digestText(digests),
        heardWithinMs: told.heardWithinMs ?? null,
        stoppedAtMs: told.hasStopped === true ? atMs : null,
        certificateUntilMs: told.certificateUntilMs ?? null,
      });
    }
    recipients.noteRecipients(
      signs.flatMap(({ identity, recipient }) => (recipient === undefined ? [] : { identity, ...recipient })),
    );
  });
  const storeAll = db.transaction((nodes: readonly ReadNode[]) => {
    const revision = nextRevision.get() ?? 0;
    const changes = new ColumnChanges();
    for (const node of nodes) {
      const slot = storeNode.get({
        identity: node.identity,
        revision,
        atMs: node.atMs,
        agentVersion: node.agentVersion,
        clockSkewMs: node.clockSkewMs,
        certificateUntilMs: node.certificateUntilMs ?? null,
        digests: digestText(node.digests),
        agentsDigest: node.digests.agents,
      });
      if (slot === undefined) throw new Error('A node was stored without a slot');
      const before = readDetails.get(slot);
      const changed: ChangedFact[] = [];
      noteChanges(changes, slot, before === undefined ? null : readStoredDetails(before), node, (column, was, is) => {
        const fact = changedFact(column, was, is);
        if (fact !== null) changed.push(fact);
      });
      history.keep(node.identity, node.atMs, changed);
      storeDetails.run({ slot, ...writeStoredDetails(node) });
    }
    columns.write(changes, revision);
  });
  const storeSet = db.transaction((digest: string | null, ddls: readonly PluginDdl[], nowMs: number) => {
    nextRevision.get();
    for (const ddl of ddls) {
      const [store, join] = ddl.kind === 'agent' ? [storeAgent, storeInSet] : [storeData, storeDataInSet];
      store.run(ddl.name, ddl.version, JSON.stringify(ddl), nowMs);
      if (digest !== null) join.run(digest, ddl.name, ddl.version);
    }
  });

  return {
    noteSigns(signs: readonly SignOfLife[]): Result<void> {
      if (signs.length > 0) noteAll.immediate(signs);
      return ok(undefined);
    },
    storeNodes(nodes: readonly ReadNode[]): Result<void> {
      if (nodes.length === 0) return ok(undefined);
      try {
        storeAll.immediate(nodes);
      } catch (thrown) {
        columns.forget();
        throw thrown;
      }
      return ok(undefined);
    },
    storePlugins(digest: string | null, ddls: readonly PluginDdl[], nowMs: number): Result<void> {
      storeSet.immediate(digest, ddls, nowMs);
      return ok(undefined);
    },
    noteSweep(nowMs: number): Result<void> {
      noteSweep.run(nowMs);
      return ok(undefined);
    },
  };
}
