export { policyLintRules, type PolicyLintFinding, type PolicyLintRule } from './finding.ts';
export { lintPolicies } from './lint-policies.ts';
