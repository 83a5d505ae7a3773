export { syncOnce, watchRegister, type SyncOptions, type SyncTurn } from './run-sync.ts';
