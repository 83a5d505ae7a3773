export { keepHistory } from './keep-history.ts';
export { historySection, type HistorySettings } from './settings.ts';
