export { makePolicyBundle, readPolicyBundle, type PolicyBundle } from './bundle.ts';
export { callerPattern } from './callers.ts';
export { fitsType, isNegative, type Constraint } from './constraints.ts';
export {
  decide,
  matchesCaller,
  policyQueries,
  type PolicyDecision,
  type PolicyPlace,
  type PolicyRequest,
} from './decide.ts';
export { guessInput } from './guess-input.ts';
export { policyLimits } from './limits.ts';
export { parseGroups } from './parse-groups.ts';
export { parsePolicy } from './parse-policy.ts';
export { readPolicies, type PolicySources } from './policies.ts';
export {
  defaultPolicyName,
  groupsName,
  policyFileKind,
  policyNameOf,
  policySettingsName,
  type CallerMatcher,
  type Effect,
  type NodeCondition,
  type Policies,
  type PolicyDefault,
  type PolicyFault,
  type PolicyFile,
  type PolicyGroup,
  type PolicyGroups,
  type PolicyRule,
  type PolicySettings,
} from './policy.ts';
