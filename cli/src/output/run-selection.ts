import type { Amount, Rollout, RunSummary, Tolerance } from '@muster/protocol/bridge';

type Selection = Pick<RunSummary, 'discovery' | 'limit' | 'batch' | 'rollout' | 'untilMs' | 'noResults'>;

const amountText = ({ unit, amount }: Amount | Tolerance): string =>
  unit === 'percent' ? `${amount}%` : String(amount);

function rolloutJson({ canary, concurrency, maxErrors, lock }: Rollout): Record<string, unknown> {
  return {
    canary: canary === undefined ? null : { size: amountText(canary.size), hold: canary.hold },
    concurrency: concurrency === undefined ? null : amountText(concurrency),
    max_errors: maxErrors === undefined ? null : amountText(maxErrors),
    one_at_a_time: lock === true,
  };
}

function rolloutLines({ canary, concurrency, maxErrors, lock }: Rollout): readonly string[] {
  return [
    ...(canary === undefined
      ? []
      : [`Canaries: ${amountText(canary.size)} first${canary.hold ? ', then `muster runs resume`' : ''}`]),
    ...(concurrency === undefined ? [] : [`At once: ${amountText(concurrency)}`]),
    ...(maxErrors === undefined ? [] : [`May fail: ${amountText(maxErrors)}`]),
    ...(lock === true ? ['One at a time: no other such run in the collective meanwhile'] : []),
  ];
}

/** How the nodes of a run were chosen and asked, as scripts see it; null for what was left as it is. */
export function selectionJson({
  discovery,
  limit,
  batch,
  rollout,
  untilMs,
  noResults,
}: Selection): Record<string, unknown> {
  return {
    discovery: discovery ?? null,
    limit:
      limit === undefined ? null : { size: amountText(limit.size), method: limit.method, seed: limit.seed ?? null },
    batch: batch === undefined ? null : { size: amountText(batch.size), sleep: batch.sleepMs / 1000 },
    rollout: rollout === undefined ? null : rolloutJson(rollout),
    until_utc: untilMs === undefined ? null : new Date(untilMs).toISOString(),
    no_results: noResults === true,
  };
}

/** The same for a person, a line for each thing that was ordered. */
export function selectionLines({ discovery, limit, batch, rollout, untilMs, noResults }: Selection): readonly string[] {
  const lines: string[] = [];
  if (discovery !== undefined) lines.push(`Discovery: ${discovery.method}`);
  if (limit !== undefined) {
    const how = limit.method === 'first' ? 'the first to answer' : `drawn with the seed ${limit.seed ?? ''}`;
    lines.push(`Limit: ${amountText(limit.size)}, ${how}`);
  }
  if (batch !== undefined) lines.push(`Batches: of ${amountText(batch.size)}, ${batch.sleepMs / 1000} s between them`);
  if (rollout !== undefined) lines.push(...rolloutLines(rollout));
  if (untilMs !== undefined) lines.push(`Until: ${new Date(untilMs).toISOString()}`);
  if (noResults === true) lines.push('Answers: none asked for');
  return lines;
}
