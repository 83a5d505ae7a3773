import { fail, ok, type Result } from '../errors/index.ts';
import type { Condition, DataCondition, FilterExpression } from './ast.ts';
import { compileOutputTest } from './compare.ts';
import { compileCondition, type ConditionTest } from './condition-test.ts';
import { dataQueries } from './discovery.ts';
import { factLookup } from './fact-path.ts';
import { withinLimits } from './measure.ts';
import type { FilterNode } from './node.ts';
import { printCondition } from './print.ts';

/** A filter ready for many nodes; it refuses with `filter.value` where an output's type does not fit the filter. */
export type CompiledFilter = (node: FilterNode) => Result<boolean>;

/** `outputs` are the results of the data conditions, gathered before anything else is looked at. */
type NodeTest = (node: FilterNode, outputs: ReadonlyMap<DataCondition, boolean>) => boolean;
type OutputTest = (node: FilterNode) => Result<boolean>;

const yes: Result<boolean> = ok(true);
const no: Result<boolean> = ok(false);

/**
 * Prepares a filter once for use on many nodes: regular expressions and patterns are compiled here.
 * A node that lacks a data plugin of the filter never matches, whatever else the filter says.
 * @returns `filter.regex`, `filter.syntax` (a broken identity pattern), `filter.too_deep` or `filter.too_long`.
 */
export function compileFilter(filter: FilterExpression): Result<CompiledFilter> {
  const bounded = withinLimits(filter);
  if (!bounded.ok) return bounded;
  const outputTests = new Map<DataCondition, OutputTest>();
  const test = compile(filter, outputTests);
  if (!test.ok) return test;
  const matches = test.value;
  const none: ReadonlyMap<DataCondition, boolean> = new Map();
  if (outputTests.size === 0) return ok((node) => (matches(node, none) ? yes : no));
  const queries = dataQueries(filter);
  return ok((node) => {
    if (queries.some(({ plugin, argument }) => node.data?.(plugin, argument).known !== true)) return no;
    const outputs = new Map<DataCondition, boolean>();
    for (const [condition, outputTest] of outputTests) {
      const holds = outputTest(node);
      if (!holds.ok) return holds;
      outputs.set(condition, holds.value);
    }
    return matches(node, outputs) ? yes : no;
  });
}

const compiledFilters = new WeakMap<FilterExpression, Result<CompiledFilter>>();

/** Whether a node matches; a filter is compiled the first time that it is seen. Refuses as {@link compileFilter} and {@link CompiledFilter} do. */
export function evaluateFilter(filter: FilterExpression, node: FilterNode): Result<boolean> {
  const compiled = compiledFilters.get(filter) ?? compileFilter(filter);
  compiledFilters.set(filter, compiled);
  return compiled.ok ? compiled.value(node) : compiled;
}

function compile(filter: FilterExpression, outputTests: Map<DataCondition, OutputTest>): Result<NodeTest> {
  switch (filter.kind) {
    case 'all':
      return ok(() => true);
    case 'not': {
      const inner = compile(filter.operand, outputTests);
      return inner.ok ? ok((node, outputs) => !inner.value(node, outputs)) : inner;
    }
    case 'and':
    case 'or': {
      const tests: NodeTest[] = [];
      for (const operand of filter.operands) {
        const test = compile(operand, outputTests);
        if (!test.ok) return test;
        tests.push(test.value);
      }
      return ok(
        filter.kind === 'and'
          ? (node, outputs) => tests.every((test) => test(node, outputs))
          : (node, outputs) => tests.some((test) => test(node, outputs)),
      );
    }
    default:
      return compileTest(filter, outputTests);
  }
}

function compileTest(condition: Condition, outputTests: Map<DataCondition, OutputTest>): Result<NodeTest> {
  if (condition.kind === 'data') {
    const test = compileOutput(condition);
    if (!test.ok) return test;
    outputTests.set(condition, test.value);
    return ok((_node, outputs) => outputs.get(condition) ?? false);
  }
  const compiled = compileCondition(condition);
  return compiled.ok ? ok(nodeTest(compiled.value)) : compiled;
}

function nodeTest(test: ConditionTest): NodeTest {
  const { fits } = test;
  switch (test.subject) {
    case 'fact': {
      const lookup = factLookup(test.path);
      return (node) => test.fits(lookup(node.facts));
    }
    case 'identity':
      return (node) => test.fits(node.identity);
    case 'agent':
      return test.everywhere ? () => true : (node) => node.agents.some(fits);
    case 'class':
      return (node) => node.classes.some(fits);
    case 'collective':
      return (node) => node.collectives.some(fits);
  }
}

function compileOutput(condition: DataCondition): Result<OutputTest> {
  const { plugin, argument = '', output } = condition;
  const test = compileOutputTest(condition);
  if (!test.ok) return test;
  return ok((node) => {
    const answer = node.data?.(plugin, argument);
    const outputs = answer?.known === true ? answer.outputs : {};
    const result = test.value(Object.hasOwn(outputs, output) ? outputs[output] : undefined);
    if (result.ok) return result;
    const { code, message, ...more } = result.error;
    return fail(code, `In \`${printCondition(condition)}\`: ${message}`, more);
  });
}
