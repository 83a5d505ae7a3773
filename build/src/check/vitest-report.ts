import { z } from 'zod';
import type { Counts } from './counts.ts';

/** The part of vitest's JSON report (Jest's format) that counts. */
const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** Counts of a vitest run; a file that failed before its tests ran counts as one failure. Throws when it is no such report. */
export function vitestCounts(json: string): Counts {
  const report = reportSchema.parse(JSON.parse(json));
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Names of what failed, with the files that they are in. Throws when it is no such report. */
export const vitestFailures = (json: string): readonly string[] =>
  reportSchema.parse(JSON.parse(json)).testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [name] : [];
    return failed.map(({ fullName }) => `${name}: ${fullName}`);
  });
