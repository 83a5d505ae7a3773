import { fail, ok, type Result } from '@muster/protocol/errors';
import { parseFilter, printFilter, type FilterExpression } from '@muster/protocol/filter';
import type { Vault } from '@muster/runtime/crypto';
import { masked } from '@muster/protocol/ddl';
import type { ClaimedRun, StoredRunOrder } from '../storage/index.ts';
import type { PreparedOrder } from './prepare-order.ts';

export type Delivery = StoredRunOrder['delivery'];

const textOf = (filter: FilterExpression | null): string | null => (filter === null ? null : printFilter(filter));

/** Inputs as they are sent but not shown, as JSON; null when there are none. */
function secretsOf({ inputs, shownInputs }: PreparedOrder): string | null {
  const secrets = Object.entries(inputs).filter(([key, value]) => shownInputs[key] !== value);
  return secrets.length === 0 ? null : JSON.stringify(Object.fromEntries(secrets));
}

/** What has to be stored of an order so that another console can go on with it. Sensitive inputs are sealed. */
export function keepOrder(
  order: PreparedOrder,
  delivery: Delivery,
  runId: string,
  vault: Vault,
): { order: StoredRunOrder; secrets: string | null } {
  const { resolved, discoveryTimeoutMs, waitAtMostMs } = order;
  const secrets = secretsOf(order);
  return {
    order: {
      filter: textOf(order.filter),
      resolved: {
        identities: resolved.identities,
        filter: textOf(resolved.filter),
        within: printFilter(resolved.within),
      },
      discoveryTimeoutMs: discoveryTimeoutMs ?? null,
      delivery,
      waitAtMostMs,
    },
    secrets: secrets === null ? null : vault.seal(secrets, runId),
  };
}

function readFilter(text: string | null): Result<FilterExpression | null> {
  return text === null ? ok(null) : parseFilter(text);
}

/** The inputs as they are sent; null when the sensitive ones are gone. Errors: `run.interrupted` when they cannot be read. */
function readInputs({ summary, secrets }: ClaimedRun, vault: Vault): Result<PreparedOrder['inputs'] | null> {
  if (secrets === null) return ok(Object.values(summary.inputs).includes(masked) ? null : summary.inputs);
  const text = vault.open(secrets, summary.runId);
  if (text === null) {
    return fail('run.interrupted', 'The sensitive inputs of the run cannot be read any more', {
      mend: 'They were stored for another private key than the one that you use now. Start the run again.',
    });
  }
  // Only this console's own code wrote it, and sealed it.
  return ok({ ...summary.inputs, ...(JSON.parse(text) as PreparedOrder['inputs']) });
}

/** An order as it was stored. `hasInputs` is false when its sensitive inputs are gone, so that it must not be sent any more. Errors: `run.interrupted`. */
export function restoreOrder(claimed: ClaimedRun, vault: Vault): Result<{ order: PreparedOrder; hasInputs: boolean }> {
  const { summary, described, order } = claimed;
  const inputs = readInputs(claimed, vault);
  if (!inputs.ok) return inputs;
  const filter = readFilter(order.filter);
  const meant = readFilter(order.resolved.filter);
  const within = parseFilter(order.resolved.within);
  if (!filter.ok) return filter;
  if (!meant.ok) return meant;
  if (!within.ok) return within;
  const { discovery, limit, batch, rollout, untilMs, noResults } = summary;
  return ok({
    hasInputs: inputs.value !== null,
    order: {
      collective: summary.collective,
      agent: summary.agent,
      action: described.action,
      agentVersion: described.agentVersion,
      inputs: inputs.value ?? summary.inputs,
      shownInputs: summary.inputs,
      filter: filter.value,
      resolved: {
        target: summary.target,
        identities: order.resolved.identities,
        filter: meant.value,
        within: within.value,
      },
      discoveryTimeoutMs: order.discoveryTimeoutMs ?? undefined,
      timeoutMs: summary.timeoutMs,
      deliveryMs: summary.deliveryMs,
      executionMs: summary.executionMs,
      ttlMs: summary.ttlMs,
      waitAtMostMs: order.waitAtMostMs,
      selection: {
        ...(discovery === undefined ? {} : { discovery }),
        ...(limit === undefined ? {} : { limit }),
        ...(batch === undefined ? {} : { batch }),
        ...(rollout === undefined ? {} : { rollout }),
        ...(untilMs === undefined ? {} : { untilMs }),
        ...(noResults === undefined ? {} : { noResults }),
      },
    },
  });
}
