export { boundedDetail } from './bounded-detail.ts';
export type { AuditDamageKind, AuditFinding, AuditNoteKind } from './chain-check.ts';
export { maxLineBytes, readRecord, type AuditDetails, type AuditRecord } from './record.ts';
export type { AuditTrust } from './signer-book.ts';
export { rotatedFiles } from './files.ts';
export { openAuditTrail, type AppendOptions, type AuditTrail } from './trail.ts';
export { verifyAudit, type AuditReport } from './verify.ts';
