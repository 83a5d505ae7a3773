import type { Database } from 'better-sqlite3';
import type { NodeComparison } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { defineAnswerMatches } from './answer-matches.ts';
import { createComparisons } from './comparisons.ts';
import { createConsoles } from './consoles.ts';
import { createEvidenceReads } from './evidence-reads.ts';
import { createFactChanges } from './fact-changes.ts';
import { createInventoryReads } from './inventory-reads.ts';
import { createInventoryWrites } from './inventory-writes.ts';
import { createNodeCertificates } from './node-certificates.ts';
import { compareNodes } from './node-comparison.ts';
import { createNotices } from './notices.ts';
import { createNotifications } from './notifications.ts';
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
import { createSchedules } from './schedules.ts';
import { createSelections } from './selections.ts';

/** Everything that the main thread may ask of this worker. */
export function createCalls(db: Database) {
  defineAnswerMatches(db);
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
    ...createFactChanges(db),
    ...createNodeCertificates(db),
    compareNodes(first: string, second: string): Result<NodeComparison> {
      const [one, other] = [inventory.getNode(first), inventory.getNode(second)];
      if (!one.ok) return one;
      return other.ok ? ok(compareNodes(one.value, other.value)) : other;
    },
    ...createRecipientCalls(db),
    ...createNotices(db),
    ...createNotifications(db),
    ...createPreferences(db),
    ...createSelections(db),
    ...createSchedules(db),
    ...createPuppet(db, (filter) => inventory.identitiesMatching(filter)),
  };
}

export type Calls = ReturnType<typeof createCalls>;
export type CallName = keyof Calls;
