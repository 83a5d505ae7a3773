export { lintRules, type LintFinding, type LintRule } from './finding.ts';
export { lintDdl } from './lint-ddl.ts';
