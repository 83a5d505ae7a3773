import {
  conjunction,
  parseFilter,
  printCondition,
  printFilter,
  type Condition,
  type FilterExpression,
} from '@muster/protocol/filter';

/** What a click in a facet puts into the filter: a fact with a value, or a name in a list of the node. */
export type FacetKind = { readonly kind: 'fact'; readonly path: string } | { readonly kind: NameKind };
export type NameKind = 'class' | 'agent' | 'collective';

/** Whether a value is demanded, excluded, or neither. */
export type Demand = 'with' | 'without' | null;

const conditionOf = (facet: FacetKind, value: string): Condition =>
  facet.kind === 'fact'
    ? { kind: 'fact', path: facet.path, operator: '=', value }
    : { kind: facet.kind, matcher: { kind: 'exact', text: value } };

const partsOf = (filter: FilterExpression): readonly FilterExpression[] =>
  filter.kind === 'and' ? filter.operands : filter.kind === 'all' ? [] : [filter];

/** The condition in a part of a filter that is one, as it is or turned round. */
function readPart(part: FilterExpression): { condition: FilterExpression; isNegated: boolean } {
  return part.kind === 'not' ? { condition: part.operand, isNegated: true } : { condition: part, isNegated: false };
}

/** The demands that a filter makes of every node, by what they say; those inside of groups are not among them. */
export class ActiveConditions {
  readonly #parts: readonly FilterExpression[];
  readonly #demands = new Map<string, Demand>();
  /** Values in the order of the filter, by facet. */
  readonly #values = new Map<string, string[]>();

  constructor(filter: string) {
    const parsed = parseFilter(filter);
    this.#parts = parsed.ok ? partsOf(parsed.value) : [];
    for (const part of this.#parts) {
      const { condition, isNegated } = readPart(part);
      const value = valueOf(condition);
      if (value === null) continue;
      this.#demands.set(printFilter(condition), isNegated ? 'without' : 'with');
      this.#values.set(value.facet, [...(this.#values.get(value.facet) ?? []), value.value]);
    }
  }

  demand(facet: FacetKind, value: string): Demand {
    return this.#demands.get(printCondition(conditionOf(facet, value))) ?? null;
  }

  /** The values of a facet that the filter demands or excludes. */
  values(facet: FacetKind): readonly string[] {
    return this.#values.get(facetKey(facet)) ?? [];
  }

  /** The text of the filter with this demand; a demand that is there already is taken out, one to the contrary replaced. */
  toggled(facet: FacetKind, value: string, demand: 'with' | 'without'): string {
    const condition = conditionOf(facet, value);
    const text = printCondition(condition);
    const others = this.#parts.filter((part) => printFilter(readPart(part).condition) !== text);
    if (this.demand(facet, value) === demand) return printFilter(conjunction(others));
    return printFilter(conjunction([...others, demand === 'with' ? condition : { kind: 'not', operand: condition }]));
  }

  /** The text of the filter without what it says of a value. */
  without(facet: FacetKind, value: string): string {
    const demand = this.demand(facet, value);
    return demand === null ? printFilter(conjunction(this.#parts)) : this.toggled(facet, value, demand);
  }
}

export const facetKey = (facet: FacetKind): string => (facet.kind === 'fact' ? `fact ${facet.path}` : facet.kind);

function valueOf(condition: FilterExpression): { facet: string; value: string } | null {
  switch (condition.kind) {
    case 'fact':
      return condition.operator === '=' ? { facet: facetKey(condition), value: condition.value } : null;
    case 'class':
    case 'agent':
    case 'collective':
      return condition.matcher.kind === 'exact' ? { facet: condition.kind, value: condition.matcher.text } : null;
    default:
      return null;
  }
}
