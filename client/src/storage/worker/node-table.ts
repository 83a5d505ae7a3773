import type { Database } from 'better-sqlite3';

/** What every list shows of a node. */
export interface NodeLine {
  readonly identity: string;
  readonly agentVersion: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly clockSkewMs: number | null;
  /** How long its last registration holds; null when it was not heard. */
  readonly heardWithinMs: number | null;
  readonly stoppedAtMs: number | null;
  readonly certificateUntilMs: number | null;
}

interface LineRow {
  slot: number;
  identity: string;
  revision: number;
  agent_version: string;
  first_seen_ms: number;
  last_seen_ms: number;
  clock_skew_ms: number | null;
  heard_within_ms: number | null;
  stopped_at_ms: number | null;
  certificate_until_ms: number | null;
}

const byIdentity = (a: { readonly identity: string }, b: { readonly identity: string }): number =>
  a.identity < b.identity ? -1 : 1;

/**
 * A line for each node in memory, by slot, brought up to date by reading only rows that changed since the last look; another process may
 * have changed them.
 */
export class NodeTable {
  readonly #revision;
  readonly #changed;
  readonly #lines: NodeLine[] = [];
  readonly #slots = new Map<string, number>();
  #known = 0;
  #order: Uint32Array | null = null;

  constructor(db: Database) {
    this.#revision = db.prepare<[], number>('SELECT revision FROM fleet').pluck();
    this.#changed = db.prepare<[number], LineRow>(`
      SELECT slot, identity, revision, agent_version, first_seen_ms, last_seen_ms, clock_skew_ms, heard_within_ms,
        stopped_at_ms, certificate_until_ms
      FROM nodes WHERE revision > ? ORDER BY slot`);
  }

  /** Brings the table up to date. */
  refresh(): void {
    const revision = this.#revision.get() ?? 0;
    if (revision === this.#known) return;
    for (const row of this.#changed.iterate(this.#known)) {
      if (!this.#slots.has(row.identity)) {
        this.#slots.set(row.identity, row.slot);
        this.#order = null;
      }
      this.#lines[row.slot] = {
        identity: row.identity,
        agentVersion: row.agent_version,
        firstSeenMs: row.first_seen_ms,
        lastSeenMs: row.last_seen_ms,
        clockSkewMs: row.clock_skew_ms,
        heardWithinMs: row.heard_within_ms,
        stoppedAtMs: row.stopped_at_ms,
        certificateUntilMs: row.certificate_until_ms,
      };
    }
    this.#known = revision;
  }

  /** The revision that the table is of. */
  get revision(): number {
    return this.#known;
  }

  /** How many nodes there are; slots are the numbers below. */
  get size(): number {
    return this.#lines.length;
  }

  /** In order of slots. */
  get lines(): readonly NodeLine[] {
    return this.#lines;
  }

  slotOf(identity: string): number | undefined {
    return this.#slots.get(identity);
  }

  /** All slots, sorted by identity. */
  get order(): Uint32Array {
    this.#order ??= Uint32Array.from(
      this.#lines.map(({ identity }, slot) => ({ identity, slot })).sort(byIdentity),
      ({ slot }) => slot,
    );
    return this.#order;
  }
}
