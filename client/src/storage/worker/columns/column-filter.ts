import { ok, type Result } from '@muster/protocol/errors';
import { discoveryNeeds, parseFilter, type Condition, type FilterExpression } from '@muster/protocol/filter';
import type { NodeTable } from '../node-table.ts';
import { both, either, firstSlots, noSlots, without, type Bits } from './bits.ts';
import type { ColumnCache } from './column-cache.ts';
import { ConditionAnswers, type ConditionAnswer } from './condition-answers.ts';

/** The nodes that match a filter, as far as can be told without asking them. */
export interface Selection {
  /** Nodes that match, or that match if their data plugins say so. */
  readonly possible: Bits;
  /** Whether only the nodes can tell: the filter asks data plugins. */
  readonly needsFleet: boolean;
}

/** What must match and what may match; the same set where no data plugin is asked. */
interface Bounds {
  readonly certain: Bits;
  readonly possible: Bits;
}

/** A filter whose conditions have found their columns. */
type Prepared =
  | { readonly kind: 'all' }
  | { readonly kind: 'not'; readonly operand: Prepared }
  /** The cheapest first. */
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Prepared[] }
  | { readonly kind: 'data' }
  | { readonly kind: 'known'; readonly answer: ConditionAnswer };

function costOf(filter: Prepared): number {
  switch (filter.kind) {
    case 'all':
    case 'data':
      return 0;
    case 'known':
      return filter.answer.cost;
    case 'not':
      return costOf(filter.operand);
    case 'and':
    case 'or':
      return filter.operands.reduce((sum, operand) => sum + costOf(operand), 0);
  }
}

/** Evaluates within a set of nodes: nobody looks at nodes that are out already, nor at those that are in. */
function evaluate(filter: Prepared, within: Bits): Bounds {
  switch (filter.kind) {
    case 'all':
      return { certain: within, possible: within };
    case 'data':
      return { certain: noSlots(within.length * 32), possible: within };
    case 'known': {
      const bits = filter.answer.select(within);
      return { certain: bits, possible: bits };
    }
    case 'not': {
      const { certain, possible } = evaluate(filter.operand, within);
      const mayBe = without(within, certain);
      return { certain: certain === possible ? mayBe : without(within, possible), possible: mayBe };
    }
    case 'and':
      return filter.operands.reduce<Bounds>(
        (so, operand) => {
          const next = evaluate(operand, so.possible);
          return {
            certain: so.certain === so.possible ? next.certain : both(so.certain, next.certain),
            possible: next.possible,
          };
        },
        { certain: within, possible: within },
      );
    case 'or': {
      const none = noSlots(within.length * 32);
      return filter.operands.reduce<Bounds>(
        (so, operand) => {
          const next = evaluate(operand, without(within, so.certain));
          const certain = either(so.certain, next.certain);
          const isExact = so.certain === so.possible && next.certain === next.possible;
          return { certain, possible: isExact ? certain : either(so.possible, next.possible) };
        },
        { certain: none, possible: none },
      );
    }
  }
}

/** Evaluates filters over columns: each condition once for each distinct value, then sets of nodes are combined. */
export class ColumnFilter {
  readonly #nodes: NodeTable;
  readonly #answers: ConditionAnswers;

  constructor(nodes: NodeTable, columns: ColumnCache) {
    this.#nodes = nodes;
    this.#answers = new ConditionAnswers(nodes, columns);
  }

  /** The nodes that match now. Errors: those of the filter. */
  select(text: string): Result<Selection> {
    const parsed = parseFilter(text);
    if (!parsed.ok) return parsed;
    const prepared = this.#prepare(parsed.value);
    if (!prepared.ok) return prepared;
    const { possible } = evaluate(prepared.value, firstSlots(this.#nodes.size));
    return ok({ possible, needsFleet: discoveryNeeds(parsed.value).needsBroadcast });
  }

  #prepare(filter: FilterExpression): Result<Prepared> {
    switch (filter.kind) {
      case 'all':
        return ok(filter);
      case 'not': {
        const operand = this.#prepare(filter.operand);
        return operand.ok ? ok({ kind: 'not', operand: operand.value }) : operand;
      }
      case 'and':
      case 'or': {
        const operands: Prepared[] = [];
        for (const operand of filter.operands) {
          const prepared = this.#prepare(operand);
          if (!prepared.ok) return prepared;
          operands.push(prepared.value);
        }
        return ok({ kind: filter.kind, operands: operands.sort((a, b) => costOf(a) - costOf(b)) });
      }
      default:
        return this.#prepareCondition(filter);
    }
  }

  #prepareCondition(condition: Condition): Result<Prepared> {
    if (condition.kind === 'data') return ok({ kind: 'data' });
    const answer = this.#answers.of(condition);
    return answer.ok ? ok({ kind: 'known', answer: answer.value }) : answer;
  }
}
