import type { Database } from 'better-sqlite3';

/** Gives a text for a run that each of its answers changes; undefined for a run that there is not. */
export function createRunStamp(db: Database): (runId: string) => string | undefined {
  const progress = db
    .prepare<[string], string>("SELECT states || ' ' || responses || ' ' || unexpected FROM runs WHERE run_id = ?")
    .pluck();
  return (runId) => progress.get(runId);
}
