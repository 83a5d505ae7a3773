export { makeAuthority, openAuthority, type AuthorityFolder, type IssueOrder } from './authority-folder.ts';
export type { IssuedRecord } from './register.ts';
