export { exportEvidence, type ExportedEvidence, type ExportOrder } from './export-evidence.ts';
export type { EvidenceDamageKind, EvidenceFinding, EvidenceGapKind } from './findings.ts';
export { longestLineBytes } from './format.ts';
export type { EvidenceTrust } from './message-check.ts';
export { verifyEvidence, verifyLines, type EvidenceReport } from './verify-evidence.ts';
