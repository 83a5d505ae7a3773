import type { ActionDefinition, AgentDdl } from '../ddl/index.ts';
import { defaultPolicyName, type CallerMatcher, type PolicyGroups, type PolicyRule } from '../policy/index.ts';
import { isImpossible } from './impossible.ts';
import type { Report } from './finding.ts';
import { lintInputs } from './lint-inputs.ts';

/** What rules are looked at with. */
export interface LintContext {
  readonly groups: PolicyGroups;
  /** By name; empty when none is known. */
  readonly ddls: ReadonlyMap<string, AgentDdl>;
}

/** Agents that everybody with a certificate may ask, whatever the policies. */
export const openAgents: readonly string[] = ['discovery'];

const isBound = (source: string): boolean => /^(?:\^|\\A)/.test(source) && /(?:^|[^\\])(?:\$|\\z)$/.test(source);

/** A word among callers, of a rule or of a group. */
export function lintCaller(caller: CallerMatcher, report: Report): void {
  if (caller.kind === 'exact' && !caller.caller.startsWith('cert=')) {
    report('foreign-caller', `${caller.caller} is nobody: callers are cert=NAME`);
  }
  if (caller.kind === 'regex' && !isBound(caller.matcher.source)) {
    report('unanchored-caller', `/${caller.matcher.source}/ is searched anywhere in the caller; write ^ and $`);
  }
}

function lintCallers({ callers, effect }: PolicyRule, { groups }: LintContext, report: Report): void {
  for (const caller of callers ?? []) {
    lintCaller(caller, report);
    if (caller.kind !== 'group' || groups.faults.length > 0) continue;
    const group = groups.groups.get(caller.name);
    const meaning = effect === 'deny' ? 'so the rule denies everybody' : 'so it means nobody';
    if (group === undefined) report('unknown-group', `there is no group ${caller.name}, ${meaning}`);
  }
}

/** The agents that a rule of a file can be about; undefined where that cannot be told. */
function agentsOf(file: string, rule: PolicyRule, { ddls }: LintContext): readonly string[] | undefined {
  const own = file === defaultPolicyName ? undefined : file.replace(/\.policy$/, '');
  if (rule.agents !== null) return own === undefined ? rule.agents : rule.agents.filter((agent) => agent === own);
  if (own !== undefined) return [own];
  return ddls.size > 0 ? [...ddls.keys()] : undefined;
}

/** The actions of the rule by the DDLs of its agents; undefined where a DDL is not known. */
function actionsOf(
  { actions }: PolicyRule,
  agents: readonly string[] | undefined,
  { ddls }: LintContext,
): readonly ActionDefinition[] | undefined {
  if (agents === undefined || ddls.size === 0) return undefined;
  const found: ActionDefinition[] = [];
  for (const agent of agents) {
    const ddl = ddls.get(agent);
    if (ddl === undefined) return undefined;
    found.push(...ddl.actions.filter(({ name }) => actions?.includes(name) ?? true));
  }
  return found;
}

/** What is wrong with one rule by itself. */
export function lintRule(file: string, rule: PolicyRule, context: LintContext, report: Report): void {
  const { ddls } = context;
  lintCallers(rule, context, report);
  if (rule.node !== null && isImpossible(rule.node.filter))
    report('impossible-filter', 'no node can fit the conditions');
  const agents = agentsOf(file, rule, context);
  if (agents?.length === 0) report('other-agent', 'this policy governs one agent, which the rule does not name');
  for (const agent of (agents?.length === 0 ? null : rule.agents) ?? []) {
    if (openAgents.includes(agent)) report('open-agent', `the agent ${agent} asks no policy`);
    else if (ddls.size > 0 && !ddls.has(agent)) report('unknown-agent', `there is no agent ${agent}`);
  }
  const actions = actionsOf(rule, agents, context);
  for (const action of rule.actions ?? []) {
    const isKnown = actions?.some(({ name }) => name === action) ?? true;
    if (!isKnown && agents !== undefined && agents.length > 0) {
      report(
        'unknown-action',
        agents.length === 1
          ? `${String(agents[0])} has no action ${action}`
          : `no agent of the rule has an action ${action}`,
      );
    }
  }
  lintInputs(rule, actions, report);
}
