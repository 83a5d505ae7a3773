export { accountNames, commandAs, findAccount, type Account, type CommandAs } from './accounts.ts';
