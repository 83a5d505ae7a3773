import type { Database } from 'better-sqlite3';
import type { EndpointParams, EndpointResult, NodeRow } from '@muster/protocol/bridge';
import { factLookup } from '@muster/protocol/filter';
import { hasBit, type Bits } from './columns/bits.ts';
import type { ColumnCache } from './columns/column-cache.ts';
import { factText, rankValues } from './fact-text.ts';
import { readStoredFacts } from './node-details.ts';
import type { NodeTable } from './node-table.ts';

type Sort = EndpointParams<'fleet.list'>['sort'];
type Shown = Pick<EndpointParams<'fleet.list'>, 'columns' | 'lists'>;

interface Order {
  readonly stamp: string;
  readonly slots: Uint32Array;
}

/** Slices of lists of nodes, in any order. */
export class NodeLists {
  readonly #nodes: NodeTable;
  readonly #columns: ColumnCache;
  readonly #factsOf;
  /** All slots in the order that was asked for last: somebody scrolls. */
  #order: Order = { stamp: '', slots: new Uint32Array(0) };

  constructor(db: Database, nodes: NodeTable, columns: ColumnCache) {
    this.#nodes = nodes;
    this.#columns = columns;
    this.#factsOf = db.prepare<[number], Buffer>('SELECT facts FROM node_details WHERE slot = ?').pluck();
  }

  /** Slots of a set, sorted by identity. */
  sorted(slots: Bits): readonly number[] {
    return [...this.#nodes.order].filter((slot) => hasBit(slots, slot));
  }

  slice(slots: Bits, params: EndpointParams<'fleet.list'>): EndpointResult<'fleet.list'>['rows'] {
    const { offset, limit } = params;
    const order = this.#orderBy(params.sort);
    const chosen: number[] = [];
    let place = 0;
    for (let at = 0; at < order.length && chosen.length < limit; at++) {
      const slot = order[at] ?? 0;
      if (hasBit(slots, slot) && place++ >= offset) chosen.push(slot);
    }
    return this.rows(chosen, params);
  }

  /** The slots of a set in some order. */
  ordered(slots: Bits, sort: Sort): Uint32Array {
    return this.#orderBy(sort).filter((slot) => hasBit(slots, slot));
  }

  /** What is known of some nodes, in this order. */
  rows(chosen: readonly number[], { columns, lists }: Shown): NodeRow[] {
    const facts = columns.map((path) => ({ path, texts: this.#texts(path, chosen) }));
    const names = lists?.map((list) => ({ list, column: this.#columns.names(list).column }));
    return chosen.flatMap((slot, at): NodeRow[] => {
      const line = this.#nodes.lines[slot];
      if (line === undefined) return [];
      const { identity, firstSeenMs, lastSeenMs, agentVersion, clockSkewMs } = line;
      const seen = { identity, firstSeenMs, lastSeenMs, agentVersion, clockSkewMs };
      const row = { ...seen, facts: Object.fromEntries(facts.map(({ path, texts }) => [path, texts[at] ?? null])) };
      if (names === undefined) return [row];
      const entries = names.map(({ list, column }) => {
        // Columns of names hold arrays of texts and nothing else.
        const found = column.values[column.codes[slot] ?? 0] as readonly string[] | undefined;
        return [list, [...(found ?? [])]];
      });
      return [{ ...row, lists: Object.fromEntries(entries) as NonNullable<NodeRow['lists']> }]; // keys are those of `lists`
    });
  }

  #texts(path: string, slots: readonly number[]): readonly (string | null)[] {
    const { column } = this.#columns.fact(path);
    const lookup = factLookup(path);
    return slots.map((slot) => {
      const value = column.values[column.codes[slot] ?? 0];
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return factText(value);
      // Columns know no more of a hash than its keys.
      const stored = this.#factsOf.get(slot);
      return stored === undefined ? null : factText(lookup(readStoredFacts(stored)));
    });
  }

  #orderBy({ by, descending }: Sort): Uint32Array {
    if (by === '@identity') {
      const { order } = this.#nodes;
      return descending ? order.toReversed() : order;
    }
    const byTime = by === '@lastSeen';
    const dated = byTime ? null : this.#columns.fact(by);
    const stamp = JSON.stringify([by, descending, this.#nodes.size, dated?.stamp ?? this.#nodes.revision]);
    if (this.#order.stamp === stamp) return this.#order.slots;
    const ranks = dated === null ? this.#times() : this.#ranks(dated.column);
    const sign = descending ? -1 : 1;
    // The order of identities is where the sort begins, and sorting keeps it among equals.
    const known = this.#nodes.order.filter((slot) => (ranks[slot] ?? 0) !== 0);
    const lacking = this.#nodes.order.filter((slot) => (ranks[slot] ?? 0) === 0);
    known.sort((a, b) => sign * ((ranks[a] ?? 0) - (ranks[b] ?? 0)));
    const slots = new Uint32Array(known.length + lacking.length);
    slots.set(known);
    slots.set(lacking, known.length);
    this.#order = { stamp, slots };
    return slots;
  }

  #times(): Float64Array {
    return Float64Array.from(this.#nodes.lines, ({ lastSeenMs }) => lastSeenMs);
  }

  /** For each slot the place of its value; 0 for nodes without one. */
  #ranks({ codes, values }: { codes: Uint32Array; values: readonly unknown[] }): Uint32Array {
    const places = rankValues(values);
    return codes.map((code) => (values[code] === undefined || values[code] === null ? 0 : (places[code] ?? 0)));
  }
}
