import type { AgentDdl } from '../ddl/index.ts';
import {
  defaultPolicyName,
  groupsName,
  policySettingsName,
  type Policies,
  type PolicyFault,
  type PolicyFile,
} from '../policy/index.ts';
import { shadowOf } from './covers.ts';
import type { PolicyLintFinding, PolicyLintRule, Report } from './finding.ts';
import { lintCaller, lintRule, openAgents, type LintContext } from './lint-rule.ts';

const fromFault = (file: string, rule: PolicyLintRule, { fault, line, column }: PolicyFault): PolicyLintFinding => ({
  file,
  line,
  column,
  rule,
  message: fault.mend === undefined ? fault.message : `${fault.message}. ${fault.mend}`,
});

const aboutFile = (file: string, rule: PolicyLintRule, message: string): PolicyLintFinding => ({
  file,
  line: null,
  column: null,
  rule,
  message,
});

/** What is wrong with one policy, line by line. */
function lintFile(file: PolicyFile, context: LintContext): readonly PolicyLintFinding[] {
  const { name, rules, defaults, faults } = file;
  const findings = faults.map((fault) => fromFault(name, 'syntax', fault));
  const reportAt =
    (line: number): Report =>
    (rule, message) =>
      findings.push({ file: name, line, column: 1, rule, message });
  const agent = name.replace(/\.policy$/, '');
  if (openAgents.includes(agent)) findings.push(aboutFile(name, 'open-agent', `the agent ${agent} asks no policy`));
  else if (name !== defaultPolicyName && context.ddls.size > 0 && !context.ddls.has(agent)) {
    findings.push(aboutFile(name, 'unknown-agent', `there is no agent ${agent}`));
  }
  for (const [index, rule] of rules.entries()) {
    const report = reportAt(rule.line);
    lintRule(name, rule, context, report);
    const lines = shadowOf(rule, rules.slice(0, index), context.groups);
    if (lines !== undefined) {
      report('shadowed', `it never decides, for line${lines.length === 1 ? '' : 's'} ${lines.join(', ')} fits first`);
    }
  }
  for (const [index, { line, word }] of defaults.entries()) {
    if (word !== 'allow' && word !== 'deny')
      reportAt(line)('default-word', `${word} is neither allow nor deny, so it denies`);
    if (index < defaults.length - 1)
      reportAt(line)('several-defaults', `line ${defaults.at(-1)?.line ?? 0} counts instead`);
  }
  return findings;
}

function lintGroups({ files, groups }: Policies): readonly PolicyLintFinding[] {
  const findings = groups.faults.map((fault) => fromFault(groupsName, 'syntax', fault));
  const named = new Set(
    [...files.values()].flatMap(({ rules }) =>
      rules.flatMap(({ callers }) => (callers ?? []).flatMap((one) => (one.kind === 'group' ? [one.name] : []))),
    ),
  );
  for (const [name, { line, members }] of groups.groups) {
    const report: Report = (rule, message) => findings.push({ file: groupsName, line, column: 1, rule, message });
    if (members.length === 0) report('empty-group', `the group ${name} holds nobody`);
    if (!named.has(name)) report('unused-group', `no rule names the group ${name}`);
    for (const member of members) lintCaller(member, report);
  }
  return findings;
}

/**
 * What is wrong with a folder of policies: lines that never fit, and what denies more than it says. `ddls` are the agents that there
 * are, by name, and empty where they are not known; `others` are files in the folder that no node reads. By file and line.
 */
export function lintPolicies(
  policies: Policies,
  about: { readonly ddls: ReadonlyMap<string, AgentDdl>; readonly others: readonly string[] },
): readonly PolicyLintFinding[] {
  const { files, groups, settings, settingsFaults } = policies;
  const findings = [
    ...settingsFaults.map((fault) => fromFault(policySettingsName, 'settings', fault)),
    ...about.others.map((name) => aboutFile(name, 'stray-file', 'no node reads a file of this name')),
    ...[...files.values()].flatMap((file) => lintFile(file, { groups, ddls: about.ddls })),
    ...lintGroups(policies),
  ];
  if (files.has(defaultPolicyName) && !settings.enableDefault) {
    const message = 'enable_default is off; a node whose agent.yaml switches it on uses the file all the same';
    findings.push(aboutFile(defaultPolicyName, 'unused-default', message));
  }
  if (files.size === 0) findings.push(aboutFile('', 'no-policy', 'there is neither AGENT.policy nor default.policy'));
  const order = ({ file, line, column }: PolicyLintFinding) => [file, line ?? 0, column ?? 0] as const;
  return findings.sort((a, b) => {
    const [left, right] = [order(a), order(b)];
    if (left[0] !== right[0]) return left[0] < right[0] ? -1 : 1;
    return left[1] - right[1] || left[2] - right[2];
  });
}
