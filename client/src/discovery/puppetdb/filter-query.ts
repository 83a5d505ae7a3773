import { fail, ok, type Result } from '@muster/protocol/errors';
import {
  splitPath,
  type ClassCondition,
  type Condition,
  type FactCondition,
  type FilterExpression,
  type IdentityMatcher,
} from '@muster/protocol/filter';
import { escapeRegex, globRegex, puppetRegex } from './patterns.ts';

/** PuppetDB's query language as JSON: an operator and its operands. */
export type PuppetQuery = readonly [string, ...PuppetOperand[]];
type PuppetOperand = string | number | boolean | PuppetQuery | readonly (string | number)[];

/** What PuppetDB knows of a node. Muster's agents and collectives, and data plugins, are beyond it. */
export const puppetConditions: ReadonlySet<Condition['kind']> = new Set(['fact', 'class', 'identity']);

const either = (operands: readonly PuppetQuery[]): PuppetQuery => {
  const [only, ...others] = operands;
  return only !== undefined && others.length === 0 ? only : ['or', ...operands];
};

const nodesWith = (entity: 'fact_contents' | 'resources', condition: PuppetQuery): PuppetQuery => [
  'in',
  'certname',
  ['extract', 'certname', [`select_${entity}`, condition]],
];

/** The places of a fact: the whole path as one name, step by step, and the elements of an array there. */
function factPlaces(path: string): PuppetQuery {
  const steps = splitPath(path);
  const places: (readonly (string | number)[])[] = [steps];
  if (steps.length > 1) places.push([steps.join('.')]);
  if (steps.some((step) => /^\d+$/.test(step)))
    places.push(steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step)));
  const elements = [...steps.map((step) => `^${escapeRegex(step)}$`), '^\\d+$'];
  return either([...places.map((place): PuppetQuery => ['=', 'path', place]), ['~>', 'path', elements]]);
}

/** Facts have types there, and texts here: `4` means the number as well as the text. */
function equals(value: string): PuppetQuery {
  const meant: PuppetQuery[] = [['=', 'value', value]];
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) meant.push(['=', 'value', Number(value)]);
  if (value === 'true' || value === 'false') meant.push(['=', 'value', value === 'true']);
  return either(meant);
}

function factValue(condition: FactCondition): Result<PuppetQuery> {
  const { operator, value } = condition;
  if (typeof value !== 'string') {
    const regex = puppetRegex(value);
    if (!regex.ok) return regex;
    const matches: PuppetQuery = ['~', 'value', regex.value];
    return ok(operator === '=~' ? matches : ['not', matches]);
  }
  if (operator === '=') return ok(equals(value));
  if (operator === '!=') return ok(['not', equals(value)]);
  if (/^[+-]?\d+(\.\d+)?$/.test(value)) return ok([operator, 'value', Number(value)]);
  return fail(
    'discovery.unsupported',
    `Cannot compare with the text "${value.slice(0, 40)}" by ${operator} while using the 'puppetdb' discovery method`,
    { mend: 'Compare with a number, or ask the fleet: --dm broadcast.' },
  );
}

function factQuery(condition: FactCondition): Result<PuppetQuery> {
  const value = factValue(condition);
  return value.ok ? ok(nodesWith('fact_contents', ['and', factPlaces(condition.path), value.value])) : value;
}

/** `role::web` is the resource `Class[Role::Web]`. */
const classTitle = (name: string): string =>
  name.replaceAll(/(^|::)([a-z])/g, (_all, start: string, letter: string) => start + letter.toUpperCase());

function classQuery({ matcher }: ClassCondition): Result<PuppetQuery> {
  const ofTitle = (condition: PuppetQuery) => ok(nodesWith('resources', ['and', ['=', 'type', 'Class'], condition]));
  if (matcher.kind === 'exact') return ofTitle(['=', 'title', classTitle(matcher.text)]);
  const { source, flags } = matcher;
  // Titles have capitals that the names of classes have not.
  const regex = puppetRegex({ kind: 'regex', source, flags: flags.includes('i') ? flags : `i${flags}` });
  return regex.ok ? ofTitle(['~', 'title', regex.value]) : regex;
}

function identityQuery(matcher: IdentityMatcher): Result<PuppetQuery> {
  if (matcher.kind === 'exact') return ok(['=', 'certname', matcher.text]);
  const regex = matcher.kind === 'regex' ? puppetRegex(matcher) : globRegex(matcher.pattern);
  return regex.ok ? ok(['~', 'certname', regex.value]) : regex;
}

const active: PuppetQuery = ['=', 'node_state', 'active'];

function condition(filter: FilterExpression): Result<PuppetQuery> {
  switch (filter.kind) {
    case 'all':
      return ok(active);
    case 'not': {
      const operand = condition(filter.operand);
      return operand.ok ? ok(['not', operand.value]) : operand;
    }
    case 'and':
    case 'or': {
      const operands: PuppetQuery[] = [];
      for (const one of filter.operands) {
        const operand = condition(one);
        if (!operand.ok) return operand;
        operands.push(operand.value);
      }
      return ok([filter.kind, ...operands]);
    }
    case 'fact':
      return factQuery(filter);
    case 'class':
      return classQuery(filter);
    case 'identity':
      return identityQuery(filter.matcher);
    case 'agent':
    case 'collective':
    case 'data':
      return fail(
        'discovery.unsupported',
        `Cannot use ${filter.kind} filters while using the 'puppetdb' discovery method`,
      );
  }
}

/** The names of all nodes that are not deactivated. */
export const activeNodes: PuppetQuery = ['from', 'nodes', ['extract', 'certname', active]];

/**
 * The query for the names of the active nodes that a filter selects.
 *
 * Errors: `discovery.unsupported` for agents, collectives, data plugins, order of texts, and regular expressions that
 * PostgreSQL understands otherwise.
 */
export function filterQuery(filter: FilterExpression): Result<PuppetQuery> {
  if (filter.kind === 'all') return ok(activeNodes);
  const selected = condition(filter);
  return selected.ok ? ok(['from', 'nodes', ['extract', 'certname', ['and', active, selected.value]]]) : selected;
}
