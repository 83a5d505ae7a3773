export { findChains } from './chains.ts';
export { createConsoleAudit, noAudit, type ConsoleAudit, type ConsoleAuditKind } from './console-audit.ts';
export { auditFolder } from './folder.ts';
export { noteInHome } from './note-in-home.ts';
export { RecordReader } from './read-records.ts';
export { verifyChains, type ChainReport } from './verify-chains.ts';
