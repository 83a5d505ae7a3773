import type { Amount, RunSummary } from '@muster/protocol/bridge';

type Selection = Pick<RunSummary, 'discovery' | 'limit' | 'batch' | 'noResults'>;

const amountText = ({ unit, amount }: Amount): string => (unit === 'percent' ? `${amount}%` : String(amount));

/** How the nodes of a run were chosen and asked, as scripts see it; null for what was left as it is. */
export function selectionJson({ discovery, limit, batch, noResults }: Selection): Record<string, unknown> {
  return {
    discovery: discovery ?? null,
    limit:
      limit === undefined ? null : { size: amountText(limit.size), method: limit.method, seed: limit.seed ?? null },
    batch: batch === undefined ? null : { size: amountText(batch.size), sleep: batch.sleepMs / 1000 },
    no_results: noResults === true,
  };
}

/** The same for a person, a line for each thing that was ordered. */
export function selectionLines({ discovery, limit, batch, noResults }: Selection): readonly string[] {
  const lines: string[] = [];
  if (discovery !== undefined) lines.push(`Discovery: ${discovery.method}`);
  if (limit !== undefined) {
    const how = limit.method === 'first' ? 'the first to answer' : `drawn with the seed ${limit.seed ?? ''}`;
    lines.push(`Limit: ${amountText(limit.size)}, ${how}`);
  }
  if (batch !== undefined) lines.push(`Batches: of ${amountText(batch.size)}, ${batch.sleepMs / 1000} s between them`);
  if (noResults === true) lines.push('Answers: none asked for');
  return lines;
}
