export { checkPolicies } from './check-policies.ts';
export { signPolicies } from './sign-policies.ts';
