import { z } from 'zod';
import { addCounts, type Counts } from './counts.ts';

/** The part of a report of `@wdio/json-reporter` that counts; there is one report for each spec file. */
const reportSchema = z.object({
  state: z.object({ passed: z.int(), failed: z.int(), skipped: z.int().default(0) }),
  suites: z
    .array(
      z.object({
        name: z.string(),
        tests: z.array(z.object({ name: z.string(), state: z.string().nullish() })).default([]),
      }),
    )
    .default([]),
});

/** Counts over the reports of all spec files. Throws when one is no such report. */
export const wdioCounts = (reports: readonly string[]): Counts =>
  addCounts(reports.map((json) => reportSchema.parse(JSON.parse(json)).state));

/** Names of what failed, over the reports of all spec files. Throws when one is no such report. */
export const wdioFailures = (reports: readonly string[]): readonly string[] =>
  reports
    .flatMap((json) => reportSchema.parse(JSON.parse(json)).suites)
    .flatMap(({ name, tests }) =>
      tests.filter(({ state }) => state === 'failed').map((test) => `${name}: ${test.name}`),
    );
