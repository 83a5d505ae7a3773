export {
  makeAuthority,
  openAuthority,
  shareAuthority,
  type AuthorityFolder,
  type IssueOrder,
  type SharedAuthority,
} from './authority-folder.ts';
export type { Invitation, JoinRequest } from './enrolments.ts';
export { followRegister, type FollowedRegister } from './follow-register.ts';
export { invite, type InvitationOrder, type Invited } from './invite.ts';
export type { IssuedRecord } from './register.ts';
export { readSyncMark, writeSyncMark } from './sync-mark.ts';
