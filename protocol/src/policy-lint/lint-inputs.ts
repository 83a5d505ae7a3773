import { validateInput, type ActionDefinition, type InputDefinition } from '../ddl/index.ts';
import { fitsType, isNegative, type Constraint, type Effect, type PolicyRule } from '../policy/index.ts';
import type { Report } from './finding.ts';

type Compared = Extract<Constraint, { kind: 'compared' }>;

const scalarTypes = {
  string: 'string',
  list: 'string',
  integer: 'number',
  float: 'number',
  number: 'number',
  boolean: 'boolean',
} as const;

/** What a constraint asks of an input of that definition and can never have. */
function lintType({ input, comparison }: Compared, definition: InputDefinition, report: Report): void {
  const { type } = definition;
  // Elements of arrays are of any type.
  if (type === 'array') return;
  if (type === 'hash') {
    report('input-type', `${input} is a hash, which cannot be compared`);
    return;
  }
  const scalar = scalarTypes[type];
  if (!fitsType(comparison, scalar)) {
    report('input-type', `${input} is of the type ${type}, which cannot be compared like that`);
    return;
  }
  if (comparison.operator !== '=' || scalar !== 'string') return;
  const fit = validateInput(input, definition, comparison.value);
  if (!fit.ok)
    report('input-value', fit.error.message.replace(/^Cannot validate input [^:]*: /, `${input} is never that: `));
}

/** Two conditions on the same scalar input that cannot both hold. */
function clash(left: Compared, right: Compared): boolean {
  const { operator, value } = left.comparison;
  if (typeof value !== 'string') return false;
  if (operator === '=') {
    const asNumber = /^[+-]?\d+(?:\.\d+)?$/.test(value) ? [Number(value)] : [];
    const asBoolean = value === 'true' || value === 'false' ? [value === 'true'] : [];
    return [value, ...asNumber, ...asBoolean].every((one) => right.judge(one) !== 'yes');
  }
  const other = right.comparison;
  if (typeof other.value !== 'string') return false;
  const [least, most] = [Number(value), Number(other.value)];
  if (!operator.startsWith('>') || !other.operator.startsWith('<')) return false;
  return least > most || (least === most && (operator === '>' || other.operator === '<'));
}

/** Whether two conditions can never hold together. A rule that denies takes one element of an array for each of its conditions. */
function contradict(left: Constraint, right: Constraint, effect: Effect, isScalar: boolean): boolean {
  if (left.kind === 'absent') {
    // What is not given is not something else, where a rule denies.
    return (
      right.kind === 'given' || (right.kind === 'compared' && (effect === 'allow' || !isNegative(right.comparison)))
    );
  }
  if (left.kind !== 'compared' || right.kind !== 'compared') return false;
  return (effect === 'allow' || isScalar) && clash(left, right);
}

function lintContradictions(
  { constraints, effect }: PolicyRule,
  isScalar: (input: string) => boolean,
  report: Report,
): void {
  const told = new Set<string>();
  for (const left of constraints) {
    const { input } = left;
    const others = constraints.filter((right) => right !== left && right.input === input);
    if (told.has(input) || !others.some((right) => contradict(left, right, effect, isScalar(input)))) continue;
    told.add(input);
    report('impossible-inputs', `conditions on ${input} contradict each other`);
  }
}

const definitionsOf = (actions: readonly ActionDefinition[], name: string): readonly InputDefinition[] =>
  actions.flatMap(({ inputs }) => {
    const definition = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    return definition === undefined ? [] : [definition];
  });

/** What a rule asks of inputs, given the actions that it is about; undefined where their DDLs are not known. */
export function lintInputs(rule: PolicyRule, actions: readonly ActionDefinition[] | undefined, report: Report): void {
  const known = actions ?? [];
  const isScalar = (input: string): boolean => {
    const definitions = definitionsOf(known, input);
    return definitions.length > 0 && definitions.every(({ type }) => type !== 'array');
  };
  lintContradictions(rule, isScalar, report);
  if (known.length === 0) return;
  for (const constraint of rule.constraints) {
    const definitions = definitionsOf(known, constraint.input);
    if (definitions.length === 0) {
      report('unknown-input', `no action of the rule has an input ${constraint.input}`);
      continue;
    }
    if (constraint.kind !== 'compared') continue;
    const complaints = definitions.map((definition) => {
      const found: Parameters<Report>[] = [];
      lintType(constraint, definition, (...finding) => found.push(finding));
      return found;
    });
    // One action for which it makes sense is enough.
    const makesSense = complaints.some((found) => found.length === 0);
    for (const finding of makesSense ? [] : (complaints[0] ?? [])) report(...finding);
  }
}
