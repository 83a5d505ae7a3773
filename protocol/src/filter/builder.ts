import { fail, ok, type Fault, type Result } from '../errors/index.ts';
import { allNodes, type Comparison, type Condition, type FilterExpression, type IdentityMatcher } from './ast.ts';
import type { BuilderFields, BuilderGroup, BuilderItem, DataRow, FactRow, NameRow } from './builder-model.ts';
import { isOutputName, isPluginName } from './condition-reader.ts';
import { joinPath, splitPath } from './fact-path.ts';
import { isGlob } from './identity-glob.ts';
import { withinLimits } from './measure.ts';
import { exactCondition, namedCondition, regexCondition } from './names.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';
import { compileRegex, regexMatcher } from './regex.ts';

/** A fault in a builder's model; `path` holds the indexes of the children on the way to the item, none for the root. */
export interface BuilderFault {
  readonly path: readonly number[];
  readonly fault: Fault;
}

/** A filter as groups and rows; {@link fromBuilder} makes the same filter of it again. Recurses to the bound on depth. */
export function toBuilder(filter: FilterExpression): BuilderGroup {
  if (filter.kind === 'all') return group('all', false, []);
  const item = toItem(filter);
  return item.kind === 'group' ? item : group('all', false, [item]);
}

function toItem(filter: FilterExpression): BuilderItem {
  switch (filter.kind) {
    case 'and':
      return group('all', false, filter.operands.map(toItem));
    case 'or':
      return group('any', false, filter.operands.map(toItem));
    case 'all':
      return { kind: 'text', text: '@all' };
    case 'not': {
      const inner = toItem(filter.operand);
      if (inner.kind === 'text') return { kind: 'text', text: printFilter(filter) };
      return inner.negated ? group('all', true, [inner]) : { ...inner, negated: true };
    }
    default:
      return { kind: 'row', negated: false, fields: toFields(filter) };
  }
}

const group = (mode: 'all' | 'any', negated: boolean, children: readonly BuilderItem[]): BuilderGroup => ({
  kind: 'group',
  mode,
  negated,
  children,
});

function toFields(condition: Condition): BuilderFields {
  switch (condition.kind) {
    case 'fact':
      return { subject: 'fact', path: condition.path, ...comparisonFields(condition) };
    case 'data': {
      const { plugin, argument, output } = condition;
      const call = argument === undefined ? { plugin, output } : { plugin, argument, output };
      return { subject: 'data', ...call, ...comparisonFields(condition) };
    }
    default:
      return { subject: condition.kind, ...matcherFields(condition.matcher) };
  }
}

const comparisonFields = ({ operator, value }: Comparison) =>
  typeof value === 'string' ? { operator, value, flags: '' } : { operator, value: value.source, flags: value.flags };

function matcherFields(matcher: IdentityMatcher): Pick<NameRow, 'operator' | 'value' | 'flags'> {
  switch (matcher.kind) {
    case 'regex':
      return { operator: '=~', value: matcher.source, flags: matcher.flags };
    case 'glob':
      return { operator: '=', value: matcher.pattern, flags: '' };
    case 'exact':
      return { operator: isGlob(matcher.text) ? '==' : '=', value: matcher.text, flags: '' };
  }
}

/** The filter that a model stands for, or its first fault in the order of the rows; {@link builderFaults} gives all. */
export function fromBuilder(model: BuilderGroup): Result<FilterExpression> {
  const { filter, faults } = read(model);
  const [first] = faults;
  return first === undefined ? withinLimits(filter) : { ok: false, error: first.fault };
}

/** Every fault of a model with its place, so that each can stand beside its row. */
export function builderFaults(model: BuilderGroup): readonly BuilderFault[] {
  const { filter, faults } = read(model);
  if (faults.length > 0) return faults;
  const bounded = withinLimits(filter);
  return bounded.ok ? [] : [{ path: [], fault: bounded.error }];
}

interface Reading {
  readonly filter: FilterExpression;
  readonly faults: readonly BuilderFault[];
}

function read(model: BuilderGroup): Reading {
  if (model.children.length === 0 && !model.negated) return { filter: allNodes, faults: [] };
  return readItem(model, []);
}

function readItem(item: BuilderItem, path: readonly number[]): Reading {
  if (item.kind === 'group') return readGroup(item, path);
  const result = item.kind === 'text' ? readText(item.text) : fieldsCondition(item.fields);
  if (!result.ok) return { filter: allNodes, faults: [{ path, fault: result.error }] };
  const negated = item.kind === 'row' && item.negated;
  return { filter: negated ? { kind: 'not', operand: result.value } : result.value, faults: [] };
}

function readGroup({ mode, negated, children }: BuilderGroup, path: readonly number[]): Reading {
  if (children.length === 0) return { filter: allNodes, faults: [{ path, fault: empty('The group is empty') }] };
  const readings = children.map((child, index) => readItem(child, [...path, index]));
  const operands = readings.map(({ filter }) => filter);
  const [only = allNodes] = operands;
  const filter: FilterExpression = operands.length === 1 ? only : { kind: mode === 'all' ? 'and' : 'or', operands };
  return {
    filter: negated ? { kind: 'not', operand: filter } : filter,
    faults: readings.flatMap(({ faults }) => faults),
  };
}

/** Inside a group a blank text would silently select everything. */
const readText = (text: string): Result<FilterExpression> =>
  text.trim() === '' ? { ok: false, error: empty('The text is empty') } : parseFilter(text);

const empty = (message: string): Fault =>
  fail('filter.syntax', message, { mend: 'Add a condition or remove it' }).error;

function fieldsCondition(fields: BuilderFields): Result<Condition> {
  switch (fields.subject) {
    case 'fact': {
      const path = factPath(fields.path);
      const comparison = fieldsComparison(fields);
      if (!path.ok) return path;
      return comparison.ok ? ok({ kind: 'fact', path: path.value, ...comparison.value }) : comparison;
    }
    case 'data':
      return dataCondition(fields);
    default: {
      const { subject, operator, value, flags } = fields;
      if (operator === '=~') return regexCondition(subject, regexMatcher(value, flags));
      return operator === '==' ? exactCondition(subject, value) : namedCondition(subject, value);
    }
  }
}

function dataCondition(fields: DataRow): Result<Condition> {
  const { plugin, argument, output } = fields;
  if (!isPluginName(plugin))
    return fail('filter.syntax', 'Expected the name of a data plugin', { mend: 'Choose a plugin' });
  if (!isOutputName(output))
    return fail('filter.syntax', 'Expected the name of an output', { mend: 'Choose an output' });
  const comparison = fieldsComparison(fields);
  if (!comparison.ok) return comparison;
  const call = argument === undefined ? { plugin, output } : { plugin, argument, output };
  return ok({ kind: 'data', ...call, ...comparison.value });
}

function fieldsComparison({ operator, value, flags }: FactRow | DataRow): Result<Comparison> {
  if (operator !== '=~' && operator !== '!~') return ok({ operator, value });
  const matcher = regexMatcher(value, flags);
  const compiled = compileRegex(matcher);
  return compiled.ok ? ok({ operator, value: matcher }) : compiled;
}

/** A fact's path in its canonical form, none of its steps empty. */
function factPath(path: string): Result<string> {
  const steps = splitPath(path);
  if (!steps.includes('')) return ok(joinPath(steps));
  return fail('filter.syntax', path === '' ? 'Expected the name of a fact' : 'A step of the name is empty', {
    mend: 'Put one name before, between and after the dots',
  });
}
