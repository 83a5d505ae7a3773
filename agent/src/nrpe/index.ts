export { nrpeDefaults, parseOutput, readChecks, type CheckResult, type Checks } from './run-check.ts';
