import type { Fault, Result } from '@muster/protocol/errors';
import { filterFromFlags, type FilterExpression } from '@muster/protocol/filter';
import type { SelectionFlags } from './flags.ts';

type FlagTexts = Readonly<Record<'facts' | 'classes' | 'agents' | 'identities' | 'with' | 'select', readonly string[]>>;

/** The flags as the filter language knows them. */
function filterFlags(flags: SelectionFlags): FlagTexts {
  return {
    facts: flags.withFact ?? [],
    classes: flags.withClass ?? [],
    agents: flags.withAgent ?? [],
    identities: flags.withIdentity ?? [],
    with: flags.with ?? [],
    select: flags.select ?? [],
  };
}

/** Whether any flag narrows the nodes down. */
export const hasSelection = (flags: SelectionFlags): boolean =>
  Object.values(filterFlags(flags)).some((texts) => texts.length > 0);

export const readFilter = (flags: SelectionFlags): Result<FilterExpression> => filterFromFlags(filterFlags(flags));

/** The text that a filter's fault points into: what followed the flag that is wrong. */
export function faultyText(flags: SelectionFlags, fault: Fault): string | undefined {
  for (const [kind, texts] of Object.entries(filterFlags(flags))) {
    for (const text of texts) {
      const alone = filterFromFlags({ [kind]: [text] });
      if (!alone.ok && alone.error.message === fault.message) return text;
    }
  }
  return undefined;
}
