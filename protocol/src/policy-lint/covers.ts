import { printFilter } from '../filter/index.ts';
import {
  matchesCaller,
  type CallerMatcher,
  type Constraint,
  type PolicyGroups,
  type PolicyRule,
} from '../policy/index.ts';

type Caller = Exclude<CallerMatcher, { kind: 'group' }>;

/** One caller, agent and action that a rule is about; null for all. */
interface Corner {
  readonly caller: CallerMatcher | null;
  readonly agent: string | null;
  readonly action: string | null;
}

function* cornersOf({ callers, agents, actions }: PolicyRule): Generator<Corner> {
  for (const caller of callers ?? [null]) {
    for (const agent of agents ?? [null]) for (const action of actions ?? [null]) yield { caller, agent, action };
  }
}

const regexText = ({ matcher }: Extract<Caller, { kind: 'regex' }>): string => `${matcher.flags}/${matcher.source}`;

/** Whether every caller that `narrow` means is among `wide`. */
function coversCaller(wide: readonly Caller[], narrow: Caller): boolean {
  return wide.some((one) => {
    if (narrow.kind === 'exact') return matchesCaller(one, narrow.caller);
    return one.kind === 'regex' && regexText(one) === regexText(narrow);
  });
}

/** Callers with groups replaced by their members; undefined where a group is not known. */
function membersOf(callers: readonly CallerMatcher[], { groups }: PolicyGroups): readonly Caller[] | undefined {
  const members: Caller[] = [];
  for (const caller of callers) {
    if (caller.kind !== 'group') members.push(caller);
    else {
      const group = groups.get(caller.name);
      if (group === undefined) return undefined;
      members.push(...group.members);
    }
  }
  return members;
}

function coversCorner(rule: PolicyRule, { caller, agent, action }: Corner, groups: PolicyGroups): boolean {
  if (rule.agents !== null && (agent === null || !rule.agents.includes(agent))) return false;
  if (rule.actions !== null && (action === null || !rule.actions.includes(action))) return false;
  if (rule.callers === null) return true;
  if (caller === null) return false;
  const hasGroup =
    caller.kind === 'group' && rule.callers.some((one) => one.kind === 'group' && one.name === caller.name);
  if (hasGroup) return true;
  const wide = membersOf(
    rule.callers.filter((one) => one.kind !== 'group' || groups.groups.has(one.name)),
    groups,
  );
  const narrow = membersOf([caller], groups);
  if (wide === undefined || narrow === undefined) return false;
  return narrow.every((one) => coversCaller(wide, one));
}

const constraintText = (constraint: Constraint): string =>
  constraint.kind === 'compared'
    ? `${constraint.input}${JSON.stringify(constraint.comparison)}`
    : `${constraint.kind} ${constraint.input}`;

/** Whether `earlier` asks no more of node and inputs than `later`, for the callers, agents and actions of both. */
function asksNoMore(earlier: PolicyRule, later: PolicyRule): boolean {
  const sameNode =
    earlier.node === null ||
    (later.node !== null && printFilter(earlier.node.filter) === printFilter(later.node.filter));
  if (!sameNode) return false;
  // The same words mean other things of arrays and of what is not given, where one rule allows and the other denies.
  if (earlier.constraints.length > 0 && earlier.effect !== later.effect) return false;
  const asked = new Set(later.constraints.map(constraintText));
  return earlier.constraints.every((constraint) => asked.has(constraintText(constraint)));
}

/** The lines of earlier rules that together fit whenever `later` does; undefined when it may decide something. */
export function shadowOf(
  later: PolicyRule,
  earlier: readonly PolicyRule[],
  groups: PolicyGroups,
): readonly number[] | undefined {
  const candidates = earlier.filter((rule) => asksNoMore(rule, later));
  if (candidates.length === 0) return undefined;
  const lines = new Set<number>();
  for (const corner of cornersOf(later)) {
    const rule = candidates.find((candidate) => coversCorner(candidate, corner, groups));
    if (rule === undefined) return undefined;
    lines.add(rule.line);
  }
  return [...lines].sort((a, b) => a - b);
}
