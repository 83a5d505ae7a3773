import type { MatchCount, NodeRow } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { FleetReported, ReportedFacet } from '../stores/reports.ts';
import { hasBit, noSlots, type Bits } from './columns/bits.ts';
import type { ColumnCache } from './columns/column-cache.ts';
import { factTexts } from './fact-text.ts';
import { countTexts, facetOf } from './facets.ts';
import type { NodeLists } from './node-lists.ts';
import type { NodeTable } from './node-table.ts';

interface Fleet {
  readonly nodes: NodeTable;
  readonly columns: ColumnCache;
  readonly lists: NodeLists;
  ofMatching<T>(filter: string, read: (slots: Bits, match: MatchCount) => T): Result<T>;
}

/** Reading the inventory for a report: first who is in it, then node by node, so that what changes meanwhile moves nothing. */
export function createFleetReport(fleet: Fleet) {
  const { nodes, columns, lists } = fleet;
  function bitsOf(identities: readonly string[]): Bits {
    const bits = noSlots(nodes.size);
    for (const identity of identities) {
      const slot = nodes.slotOf(identity);
      if (slot !== undefined) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
    }
    return bits;
  }

  return {
    reportedNodes({ filter, identities, sort }: FleetReported): Result<string[]> {
      const found = fleet.ofMatching(filter, (matching, { needsFleet }) => {
        if (needsFleet) return null;
        const named = identities === undefined ? null : bitsOf(identities);
        return [...lists.ordered(matching, sort)]
          .filter((slot) => named === null || hasBit(named, slot))
          .flatMap((slot) => nodes.lines[slot]?.identity ?? []);
      });
      if (!found.ok) return found;
      return found.value === null
        ? fail('filter.needs_fleet', 'The filter asks data plugins, which only the nodes can answer', {
            mend: 'Leave that condition out, or ask the fleet, and report on the nodes that answered.',
          })
        : ok(found.value);
    },
    nodesOf(
      identities: readonly string[],
      shown: { columns: string[]; lists: ('classes' | 'agents' | 'collectives')[] },
    ): Result<NodeRow[]> {
      nodes.refresh();
      const slots = identities.flatMap((identity) => nodes.slotOf(identity) ?? []);
      return ok(lists.rows(slots, shown));
    },
    facetsOf(identities: readonly string[], paths: readonly string[], limit: number): Result<ReportedFacet[]> {
      nodes.refresh();
      const slots = bitsOf(identities);
      return ok(
        paths.map((path) => ({ path, ...facetOf(countTexts(columns.fact(path).column, slots, factTexts), limit) })),
      );
    },
  };
}
