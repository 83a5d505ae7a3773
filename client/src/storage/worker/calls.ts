import type { Database } from 'better-sqlite3';
import { createComparisons } from './comparisons.ts';
import { createConsoles } from './consoles.ts';
import { createEvidenceReads } from './evidence-reads.ts';
import { createInventoryReads } from './inventory-reads.ts';
import { createInventoryWrites } from './inventory-writes.ts';
import { createNotices } from './notices.ts';
import { createPreferences } from './preferences.ts';
import { createPuppet } from './puppet.ts';
import { createRecipientCalls } from './recipients.ts';
import { createRetention } from './retention.ts';
import { createRunKeeping } from './run-keeping.ts';
import { createRunList } from './run-list.ts';
import { createRunMarks } from './run-marks.ts';
import { createRunReads } from './run-reads.ts';
import { createRunReport } from './run-report.ts';
import { createRunWrites } from './run-writes.ts';
import { createSelections } from './selections.ts';

/** Everything that the main thread may ask of this worker. */
export function createCalls(db: Database) {
  const inventory = createInventoryReads(db);
  return {
    ...createRunWrites(db),
    ...createRunReads(db),
    ...createRunList(db),
    ...createRunMarks(db),
    ...createComparisons(db),
    ...createEvidenceReads(db),
    ...createRunReport(db),
    ...createRetention(db),
    ...createRunKeeping(db),
    ...createConsoles(db),
    ...createInventoryWrites(db),
    ...inventory,
    ...createRecipientCalls(db),
    ...createNotices(db),
    ...createPreferences(db),
    ...createSelections(db),
    ...createPuppet(db, (filter) => inventory.identitiesMatching(filter)),
  };
}

export type Calls = ReturnType<typeof createCalls>;
export type CallName = keyof Calls;
