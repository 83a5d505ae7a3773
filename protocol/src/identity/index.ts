export {
  callerOf,
  checkIdentity,
  collectivePattern,
  defaultCollective,
  enrolledRoles,
  identityPattern,
  issuedRoles,
  roles,
  type EnrolledRole,
  type Principal,
  type Role,
} from './identity.ts';
