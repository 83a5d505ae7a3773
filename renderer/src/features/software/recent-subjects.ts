import type { RunSummary } from '@muster/protocol/bridge';
import { isSame, subjectOf, type Subject } from './subject.ts';

/** Something that was asked before, with the newest run that did. */
export interface RecentSubject {
  readonly subject: Subject;
  readonly run: RunSummary;
}

/** What runs asked about, the newest first, each once. */
export function recentSubjects(runs: readonly RunSummary[]): readonly RecentSubject[] {
  const newest = runs.toSorted((a, b) => b.startedAtMs - a.startedAtMs);
  return newest.reduce<readonly RecentSubject[]>((found, run) => {
    const subject = subjectOf(run);
    return subject === null || found.some((one) => isSame(one.subject, subject)) ? found : [...found, { subject, run }];
  }, []);
}
