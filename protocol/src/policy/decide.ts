import type { DataQuery, FilterNode } from '../filter/index.ts';
import { printFilter } from '../filter/index.ts';
import { judgeConstraint } from './constraints.ts';
import {
  defaultPolicyName,
  groupsName,
  policyNameOf,
  policySettingsName,
  type CallerMatcher,
  type Policies,
  type PolicyFault,
  type PolicyFile,
  type PolicyGroups,
  type PolicyRule,
} from './policy.ts';
import { applies, type Verdict } from './verdict.ts';

/** What is to be decided. Inputs are JSON values of the types that the DDL gives them. */
export interface PolicyRequest {
  /** `cert=NAME`. */
  readonly caller: string;
  readonly agent: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A place in a file of the policies; the file is named without its folder. */
export interface PolicyPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface PolicyDecision {
  readonly allow: boolean;
  /** The line that decided: a rule, a default, or what makes the file unusable. Null where no line did. */
  readonly rule: PolicyPlace | null;
  /** For audit, log and whoever writes policies; not for the caller. */
  readonly reason: string;
}

/** What was found, and why nothing could be found where that is so. */
interface Judged {
  readonly verdict: Verdict;
  readonly doubt?: string;
}

const yes: Judged = { verdict: 'yes' };
const no: Judged = { verdict: 'no' };
const unknown = (doubt: string): Judged => ({ verdict: 'unknown', doubt });

/** A group that is not defined, or of a broken file, may hold anybody. */
function judgeGroup(name: string, caller: string, { groups, faults }: PolicyGroups): Judged {
  if (faults.length > 0) return unknown(`the file ${groupsName} is broken`);
  const group = groups.get(name);
  if (group === undefined) return unknown(`there is no group ${name}`);
  return group.members.some((member) => matchesCaller(member, caller)) ? yes : no;
}

export const matchesCaller = (matcher: Exclude<CallerMatcher, { kind: 'group' }>, caller: string): boolean =>
  matcher.kind === 'exact' ? matcher.caller === caller : matcher.fits(caller);

function judgeCaller(matchers: PolicyRule['callers'], caller: string, groups: PolicyGroups): Judged {
  if (matchers === null) return yes;
  let result = no;
  for (const matcher of matchers) {
    const judged =
      matcher.kind === 'group' ? judgeGroup(matcher.name, caller, groups) : matchesCaller(matcher, caller) ? yes : no;
    if (judged.verdict === 'yes') return yes;
    if (judged.verdict === 'unknown') result = judged;
  }
  return result;
}

/** All but what the rule asks of the node. */
function judgeRequest(rule: PolicyRule, request: PolicyRequest, groups: PolicyGroups): Judged {
  const { caller, agent, action, inputs } = request;
  if (rule.agents?.includes(agent) === false || rule.actions?.includes(action) === false) return no;
  let result = judgeCaller(rule.callers, caller, groups);
  for (const constraint of rule.constraints) {
    if (result.verdict === 'no') return no;
    const verdict = judgeConstraint(constraint, inputs, rule.effect);
    if (verdict === 'no') return no;
    if (verdict === 'unknown') result = unknown(`the input ${constraint.input} cannot be compared like that`);
  }
  return result;
}

function judgeNode({ node: condition }: PolicyRule, node: FilterNode): Judged {
  if (condition === null) return yes;
  const silent = condition.queries.find(({ plugin, argument }) => node.data?.(plugin, argument).known !== true);
  if (silent !== undefined) return unknown(`the data plugin ${silent.plugin} did not answer`);
  const matches = condition.matches(node);
  if (!matches.ok) return unknown(matches.error.message);
  return matches.value ? yes : no;
}

function judgeRule(rule: PolicyRule, request: PolicyRequest, node: FilterNode, groups: PolicyGroups): Judged {
  const asked = judgeRequest(rule, request, groups);
  if (!applies(asked.verdict, rule.effect)) return no;
  const about = judgeNode(rule, node);
  return about.verdict === 'yes' ? asked : about;
}

/** The file that decides about an agent; undefined where none does. */
function governingFile({ files, settings }: Policies, agent: string): PolicyFile | undefined {
  return files.get(policyNameOf(agent)) ?? (settings.enableDefault ? files.get(defaultPolicyName) : undefined);
}

const faultText = (file: string, { fault, line }: PolicyFault): string =>
  line === null ? `${file}: ${fault.message}` : `${file}, line ${line}: ${fault.message}`;

function unconfigured({ settings, settingsFaults: [fault] }: Policies, why: string): PolicyDecision {
  const { allowUnconfigured: allow } = settings;
  const because = fault === undefined ? '' : ` (${faultText(policySettingsName, fault)})`;
  return { allow, rule: null, reason: `${why}, and allow_unconfigured is ${allow ? 'on' : 'off'}${because}` };
}

function ruleReason({ effect, node, constraints }: PolicyRule, doubt: string | undefined): string {
  if (doubt !== undefined) return `the rule denies unless it is certain not to apply: ${doubt}`;
  const filter = node === null ? '' : `, for nodes that are ${printFilter(node.filter)}`;
  const where = constraints.length === 0 ? '' : ', with such inputs';
  return `the rule ${effect === 'allow' ? 'allows' : 'denies'} it${filter}${where}`;
}

/**
 * Decides whether a caller may have an action run on a node. The first line decides of which everything fits, then the default of the
 * file, then `allow_unconfigured`. Data plugins' answers come with the node: see {@link policyQueries}.
 */
export function decide(policies: Policies, request: PolicyRequest, node: FilterNode): PolicyDecision {
  const file = governingFile(policies, request.agent);
  if (file === undefined) return unconfigured(policies, `no policy governs the agent ${request.agent}`);
  const { name, rules, defaults, faults } = file;
  const [broken] = faults;
  if (broken !== undefined) {
    const rule = broken.line === null ? null : { file: name, line: broken.line };
    return { allow: false, rule, reason: `the policy is broken, so it denies everything: ${faultText(name, broken)}` };
  }
  for (const rule of rules) {
    const { verdict, doubt } = judgeRule(rule, request, node, policies.groups);
    if (!applies(verdict, rule.effect)) continue;
    return { allow: rule.effect === 'allow', rule: { file: name, line: rule.line }, reason: ruleReason(rule, doubt) };
  }
  const fallback = defaults.at(-1);
  if (fallback === undefined) return unconfigured(policies, `no line of ${name} fits and it has no default`);
  const { effect, line } = fallback;
  return {
    allow: effect === 'allow',
    rule: { file: name, line },
    reason: `no rule fits, and the default is ${effect}`,
  };
}

/** What data plugins must be asked before {@link decide} can be sure; those of rules that cannot apply are left out. */
export function policyQueries(policies: Policies, request: PolicyRequest): readonly DataQuery[] {
  const file = governingFile(policies, request.agent);
  if (file === undefined || file.faults.length > 0) return [];
  const queries = new Map<string, DataQuery>();
  for (const rule of file.rules) {
    if (!applies(judgeRequest(rule, request, policies.groups).verdict, rule.effect)) continue;
    // This rule decides, whatever the node.
    if (rule.node === null) break;
    for (const query of rule.node.queries) queries.set(JSON.stringify([query.plugin, query.argument]), query);
  }
  return [...queries.values()];
}
