import type { Health } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { Bus } from '@muster/runtime/bus';
import type { Clock } from '@muster/runtime/effects';
import { auditFolder } from '../audit/index.ts';
import type { EngineHealth } from '../engine/parts/health.ts';
import type { Groups } from '../engine/parts/selections.ts';
import { readOwnCertificates } from '../keys/index.ts';
import type { HealthReader, InventoryReader, Trouble } from '../storage/index.ts';
import { RefusedMessages } from './refused-messages.ts';

/** How far back refusals are counted, in milliseconds. */
const refusedWithinMs = 86_400_000;

/** How many nodes are named of which nothing was heard. */
const namesShown = 100;

/** How fleet and console do. Nothing is asked of a node: the figures are as good as what was heard, and say as of when. */
export function createHealth(options: {
  readonly home: string;
  readonly storage: HealthReader &
    Pick<InventoryReader, 'lastSweep' | 'knownIdentities'> & { readonly trouble: Trouble | null };
  readonly groups: Pick<Groups, 'list'>;
  readonly bus: Pick<Bus, 'state' | 'onState'>;
  readonly clock: Clock;
}): EngineHealth & { close(): void } {
  const { home, storage, groups, bus, clock } = options;
  const refusedMessages = new RefusedMessages(auditFolder(home), refusedWithinMs);
  let isUp = bus.state.status === 'up';
  /** When the connection was lost last. */
  let lostAtMs = 0;
  const stop = bus.onState(({ status }) => {
    if (isUp && status !== 'up') lostAtMs = clock();
    isUp = status === 'up';
  });

  /** While the fleet cannot be heard, its silence says nothing: nodes are judged as of the last moment of which that is not so. */
  async function moment(): Promise<Result<Pick<Health, 'asOfMs' | 'isCurrent'>>> {
    const swept = await storage.lastSweep();
    if (!swept.ok) return swept;
    const { state } = bus;
    const isCurrent = state.status === 'up' && swept.value !== null && swept.value >= state.sinceMs;
    const heardUntilMs = Math.max(swept.value ?? 0, lostAtMs);
    return ok({ isCurrent, asOfMs: isCurrent || heardUntilMs === 0 ? clock() : heardUntilMs });
  }

  async function missing(): Promise<Result<Health['missing']>> {
    const all = await groups.list();
    if (!all.ok) return all;
    const named = [...new Set(all.value.flatMap(({ identities }) => identities))];
    const known = await storage.knownIdentities(named);
    if (!known.ok) return known;
    const heard = new Set(known.value);
    const unheard = named.filter((identity) => !heard.has(identity)).sort();
    return ok({ total: unheard.length, identities: unheard.slice(0, namesShown) });
  }

  async function refused(): Promise<Result<Pick<Health, 'refused'> & { readonly audit: Health['console']['audit'] }>> {
    const nowMs = clock();
    const sinceMs = nowMs - refusedWithinMs;
    const runs = await storage.refusedRuns(sinceMs);
    if (!runs.ok) return runs;
    const messages = await refusedMessages.count(nowMs);
    return ok({
      refused: { sinceMs, messages: messages.ok ? messages.value : [], ...runs.value },
      audit: messages.ok ? null : messages.error,
    });
  }

  return {
    async get() {
      const now = await moment();
      if (!now.ok) return now;
      const fleet = await storage.fleetHealth(now.value.asOfMs);
      if (!fleet.ok) return fleet;
      const unheard = await missing();
      if (!unheard.ok) return unheard;
      const lately = await refused();
      if (!lately.ok) return lately;
      const certificates = await readOwnCertificates(home);
      if (!certificates.ok) return certificates;
      return ok({
        ...now.value,
        fleet: fleet.value,
        missing: unheard.value,
        refused: lately.value.refused,
        console: {
          certificates: [...certificates.value],
          storage: storage.trouble?.fault ?? null,
          audit: lately.value.audit,
        },
      });
    },
    nodes: (params) => storage.healthNodes(params),
    identities: (params) => storage.healthIdentities(params),
    close: stop,
  };
}
