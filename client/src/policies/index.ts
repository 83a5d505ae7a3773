export { signPolicies } from './sign-policies.ts';
