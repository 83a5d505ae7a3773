export { keepHistory, type ArchiveOldest } from './keep-history.ts';
export {
  writeCertificateLine,
  writeMessageLine,
  writeNodeLine,
  writeNoteLine,
  writeRunLine,
  type ArchivedRun,
} from './archived-run.ts';
export { readArchive, type ArchiveDamage, type ArchivePart } from './read-archive.ts';
export { createRetention, type Retention } from './retention.ts';
export { historySection, type HistorySettings } from './settings.ts';
