export {
  callerOf,
  checkIdentity,
  collectivePattern,
  defaultCollective,
  identityPattern,
  roles,
  type Principal,
  type Role,
} from './identity.ts';
