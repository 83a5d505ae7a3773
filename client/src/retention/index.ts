export { keepHistory, type ArchiveOldest } from './keep-history.ts';
export { historySection, type HistorySettings } from './settings.ts';
