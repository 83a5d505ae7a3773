export {
  makeAuthority,
  openAuthority,
  shareAuthority,
  type AuthorityFolder,
  type IssueOrder,
  type SharedAuthority,
} from './authority-folder.ts';
export type { Invitation, JoinRequest } from './enrolments.ts';
export type { IssuedRecord } from './register.ts';
