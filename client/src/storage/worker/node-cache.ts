import type { Database } from 'better-sqlite3';
import type { FilterNode } from '@muster/protocol/filter';
import { jsonColumn, namesColumn } from './json-column.ts';

/** A node of the inventory, with what filters look at already parsed. */
export interface CachedNode extends FilterNode {
  readonly agentVersion: string;
  readonly lastSeenMs: number;
}

const factsColumn = jsonColumn<FilterNode['facts']>();

interface LightRow {
  identity: string;
  read_revision: number;
  agent_version: string;
  last_seen_ms: number;
}
interface ReadRow {
  collectives: string;
  facts: string;
  classes: string;
  agents: string;
}

/**
 * All nodes in memory, sorted by identity, brought up to date by reading only rows that changed since the last look;
 * another process may have changed them.
 */
export class NodeCache {
  readonly #revision;
  readonly #changed;
  readonly #read;
  readonly #nodes = new Map<string, CachedNode>();
  #sorted: readonly CachedNode[] = [];
  #known = 0;

  constructor(db: Database) {
    this.#revision = db.prepare<[], number>('SELECT revision FROM fleet').pluck();
    this.#changed = db.prepare<[number], LightRow>(
      'SELECT identity, read_revision, agent_version, last_seen_ms FROM nodes WHERE revision > ?',
    );
    this.#read = db.prepare<[string], ReadRow>(
      'SELECT collectives, facts, classes, agents FROM nodes WHERE identity = ?',
    );
  }

  /** The revision that {@link nodes} is of. */
  get revision(): number {
    return this.#known;
  }

  /** All nodes as they are now. */
  nodes(): readonly CachedNode[] {
    const revision = this.#revision.get() ?? 0;
    if (revision === this.#known) return this.#sorted;
    const sizeBefore = this.#nodes.size;
    for (const row of this.#changed.all(this.#known)) this.#take(row);
    this.#known = revision;
    const identities =
      this.#nodes.size === sizeBefore ? this.#sorted.map((node) => node.identity) : [...this.#nodes.keys()].sort();
    this.#sorted = identities.flatMap((identity) => this.#nodes.get(identity) ?? []);
    return this.#sorted;
  }

  #take({ identity, read_revision, agent_version, last_seen_ms }: LightRow): void {
    const before = this.#nodes.get(identity);
    const light = { agentVersion: agent_version, lastSeenMs: last_seen_ms };
    if (before !== undefined && read_revision <= this.#known) {
      this.#nodes.set(identity, { ...before, ...light });
      return;
    }
    const row = this.#read.get(identity);
    if (row === undefined) return;
    this.#nodes.set(identity, {
      identity,
      ...light,
      collectives: namesColumn.read(row.collectives),
      facts: factsColumn.read(row.facts),
      classes: namesColumn.read(row.classes),
      agents: namesColumn.read(row.agents),
    });
  }
}
