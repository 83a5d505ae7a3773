export { openPolicyBundles, type InstalledBundle, type PolicyBundles } from './bundles.ts';
export { createPolicyAuthorizer, type PolicyAuthorizerParts } from './policy-authorizer.ts';
export { tellPolicies } from './tell-policies.ts';
export { createPolicyStore, type PolicyStore, type PolicyStoreOptions } from './policy-store.ts';
