import { fail, ok, type Result } from '@muster/protocol/errors';
import { printFilter, type Condition } from '@muster/protocol/filter';
import type { FleetRevision } from '../engine/parts/inventory.ts';
import { inCollective, withAgent } from './broadcast/broadcast-source.ts';
import type { NodeSource } from './node-source.ts';

/** What the cache can tell: everything but what only a data plugin on the node knows. */
const conditions: ReadonlySet<Condition['kind']> = new Set(['fact', 'class', 'agent', 'identity', 'collective']);

/** The part of the inventory that discovery reads. */
export interface KnownNodes {
  identitiesMatching(filter: string): Promise<Result<readonly string[]>>;
  fleetRevision(): Promise<Result<FleetRevision>>;
}

/** Takes the nodes of the console's own cache, sorted by name: no message leaves the console. */
export const createInventorySource = (known: KnownNodes): NodeSource => ({
  method: 'inventory',
  conditions,
  options: [],
  async find({ filter, agent, collective }) {
    const revision = await known.fleetRevision();
    if (!revision.ok) return revision;
    if (revision.value.total === 0) {
      return fail('discovery.failed', 'There is no node in the inventory yet', {
        mend: 'Fill it with `muster inventory --refresh`, or ask the fleet: --dm broadcast.',
      });
    }
    const identities = await known.identitiesMatching(printFilter(inCollective(withAgent(filter, agent), collective)));
    return identities.ok ? ok(identities.value) : identities;
  },
});
