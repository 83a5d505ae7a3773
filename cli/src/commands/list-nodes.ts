import type { Engine } from '@muster/client/engine';
import type { EndpointParams, NodeRow } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

const sliceSize = 500;

/**
 * All matching nodes of the inventory, by identity, in slices. `take` gets each slice as it is read.
 *
 * Errors: those of the filter, `filter.needs_fleet` when only the nodes can tell.
 */
export async function listNodes(
  engine: Engine,
  wanted: Pick<EndpointParams<'fleet.list'>, 'filter' | 'columns' | 'lists'>,
  take: (rows: readonly NodeRow[]) => void,
): Promise<Result<number>> {
  for (let offset = 0; ; offset += sliceSize) {
    const sort = { by: '@identity', descending: false };
    const slice = await engine.inventory.list({ ...wanted, sort, offset, limit: sliceSize });
    if (!slice.ok) return slice;
    if (slice.value.needsFleet) {
      return fail('filter.needs_fleet', 'The filter asks data plugins, which only the nodes can answer', {
        mend: 'Leave that condition out, or ask the fleet with `muster find`.',
      });
    }
    take(slice.value.rows);
    if (slice.value.rows.length < sliceSize) return ok(offset + slice.value.rows.length);
  }
}
