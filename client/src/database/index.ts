/**
 * Looking after the file of the database: for a process that does nothing else meanwhile, as the command line's does not. All of this works on the
 * thread that calls it, which hears an interruption only afterwards; consoles have their database on a thread of its own, see `storage`.
 */
export { backUpDatabase, usualBackup } from './back-up.ts';
export { checkDatabase, type DatabaseReport } from './check.ts';
export { compactDatabase, type Compacted } from './compact.ts';
export { importRuns, type ImportedRuns } from './import-runs.ts';
