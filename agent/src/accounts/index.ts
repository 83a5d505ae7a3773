export { accountNames, asUser, findAccount, type Account, type AsUser } from './accounts.ts';
