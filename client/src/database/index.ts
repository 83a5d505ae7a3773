export { backUpDatabase, usualBackup } from './back-up.ts';
export { checkDatabase, type DatabaseReport } from './check.ts';
export { compactDatabase, type Compacted } from './compact.ts';
