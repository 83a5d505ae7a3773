import { ok, type Result } from '../errors/index.ts';
import {
  allNodes,
  compileFilter,
  conjunction,
  dataQueries,
  parseConditions,
  parseFilter,
  type FilterExpression,
} from '../filter/index.ts';
import { parseCallers } from './callers.ts';
import { parseConstraints } from './constraints.ts';
import type { NodeCondition, PolicyRule } from './policy.ts';
import { faultAt, quoted, within, wordsOf, type Line, type Piece } from './text.ts';

const columnsMend =
  'Write allow or deny, callers, actions, facts and classes, with a tab or two blanks between them; agents may stand before the actions.';
const namePattern = /^[a-z][a-z0-9_]{0,63}$/;

interface SplitRule {
  readonly columns: readonly Piece[];
  /** What stands after `where`. */
  readonly where: Piece | undefined;
}

/**
 * The columns of a rule. Where there is a tab, only tabs part columns, as in ActionPolicy; otherwise two blanks or more do.
 * The word `where` ends the columns.
 */
function splitRule({ text, start }: Piece): SplitRule {
  const found = /[ \t]where(?=[ \t]|$)/.exec(text);
  const head = found === null ? text : text.slice(0, found.index);
  const pattern = head.includes('\t') ? /[^\t]+/g : /[^ ]+(?: [^ ]+)*/g;
  const columns = Array.from(head.matchAll(pattern), ({ 0: column, index }) => {
    const trimmed = column.trim();
    return { text: trimmed, start: start + index + (trimmed === '' ? 0 : column.indexOf(trimmed)) };
  });
  if (found === null) return { columns, where: undefined };
  const rest = text.slice(found.index + found[0].length);
  const trimmed = rest.trimStart();
  return { columns, where: { text: trimmed, start: start + text.length - trimmed.length } };
}

/** A column of names; null for all. */
function parseNames(column: Piece, what: string): Result<readonly string[] | null> {
  if (column.text === '*') return ok(null);
  const words = wordsOf(column);
  const wrong = words.find(({ text }) => !namePattern.test(text));
  if (wrong === undefined) return ok(words.map(({ text }) => text));
  return faultAt(
    wrong,
    `${quoted(wrong.text)} is not the name of an ${what}`,
    `Names are small letters, digits and underscores, with blanks between them; \`*\` for every ${what} stands alone.`,
  );
}

/** A column about the node: `*`, conditions side by side that must all hold, or an expression of the filter language. */
function parseNodeColumn(column: Piece): Result<FilterExpression> {
  if (column.text === '*') return ok(allNodes);
  const list = within(column, parseConditions(column.text));
  if (list.ok) return list;
  const expression = within(column, parseFilter(column.text));
  if (expression.ok) return expression;
  // Whichever came further knows better what was meant.
  return (list.error.position?.start ?? 0) > (expression.error.position?.start ?? 0) ? list : expression;
}

function parseNode(columns: readonly Piece[]): Result<NodeCondition | null> {
  const filters: FilterExpression[] = [];
  for (const column of columns) {
    const filter = parseNodeColumn(column);
    if (!filter.ok) return filter;
    filters.push(filter.value);
  }
  const filter = conjunction(filters);
  if (filter.kind === 'all') return ok(null);
  const matches = compileFilter(filter);
  if (matches.ok) return ok({ filter, matches: matches.value, queries: dataQueries(filter) });
  const [first, last = first] = columns;
  const span = { start: first?.start ?? 0, end: (last?.start ?? 0) + (last?.text.length ?? 0) };
  return { ok: false, error: { ...matches.error, position: span } };
}

/** A line that begins with `allow` or `deny`. Errors: `policy.syntax` and those of filters, with the place in the file. */
export function parseRule(line: Line): Result<PolicyRule> {
  const { columns, where } = splitRule(line);
  const [verb, callerColumn, ...others] = columns;
  const effect = verb?.text;
  if (effect !== 'allow' && effect !== 'deny') {
    return faultAt(
      verb ?? line,
      `Expected a column with nothing but allow or deny, found ${quoted(effect ?? '')}`,
      columnsMend,
    );
  }
  const empty = columns.find(({ text }) => text === '');
  if (empty !== undefined) return faultAt(empty, 'This column is empty', 'Write `*` for a column that asks nothing.');
  const agentColumn = others.length === 4 ? others.shift() : undefined;
  const [actionColumn, ...nodeColumns] = others;
  if (callerColumn === undefined || actionColumn === undefined || nodeColumns.length < 1 || nodeColumns.length > 2) {
    return faultAt(line, `Expected 4, 5 or 6 columns, found ${columns.length}`, columnsMend);
  }
  const callers = parseCallers(callerColumn);
  if (!callers.ok) return callers;
  const agents = agentColumn === undefined ? ok(null) : parseNames(agentColumn, 'agent');
  if (!agents.ok) return agents;
  const actions = parseNames(actionColumn, 'action');
  if (!actions.ok) return actions;
  const node = parseNode(nodeColumns);
  if (!node.ok) return node;
  const constraints = where === undefined ? ok([]) : parseConstraints(where);
  if (!constraints.ok) return constraints;
  return ok({
    line: line.line,
    effect,
    callers: callers.value,
    agents: agents.value,
    actions: actions.value,
    node: node.value,
    constraints: constraints.value,
  });
}
