export { journalFiles, type JournalFiles, type OpenFile } from './journal-files.ts';
export { forgetAtMs, keyOf, openJournal, type Answered, type Journal } from './journal.ts';
export { interrupted } from './read-journal.ts';
export type { Asked, Ending } from './record.ts';
