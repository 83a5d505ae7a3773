import { describe, expect, test } from 'vitest';
import { addCounts, countsText, noCounts, withExitCode } from './counts.ts';
import { vitestCounts } from './vitest-report.ts';
import { wdioCounts } from './wdio-report.ts';

describe('the last line', () => {
  test('names what was skipped only where something was', () => {
    expect(countsText({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(countsText({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
  });

  test('adds up all stages', () => {
    const counts = [
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 3, failed: 1, skipped: 0 },
    ];
    expect(addCounts(counts)).toEqual({ passed: 4, failed: 1, skipped: 2 });
    expect(addCounts([])).toEqual(noCounts);
  });
});

test('a tool that fails without a failed check is one failure', () => {
  expect(withExitCode({ ...noCounts, passed: 5 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(withExitCode({ ...noCounts, passed: 5, failed: 2 }, 1).failed).toBe(2);
  expect(withExitCode({ ...noCounts, passed: 5 }, 0).failed).toBe(0);
});

describe("vitest's report", () => {
  const report = (files: unknown[]) =>
    JSON.stringify({ numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: files });

  test('is counted by tests', () => {
    expect(vitestCounts(report([]))).toEqual({ passed: 7, failed: 1, skipped: 3 });
  });

  test('counts a file that could not be loaded as a failure', () => {
    const files = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
    ];
    expect(vitestCounts(report(files)).failed).toBe(2);
  });

  test('is refused when it is something else', () => {
    expect(() => vitestCounts('{"numPassedTests":"many"}')).toThrow();
  });
});

test("wdio's reports are added up over spec files", () => {
  const reports = [
    JSON.stringify({ state: { passed: 3, failed: 1, skipped: 0 } }),
    JSON.stringify({ state: { passed: 2, failed: 0, skipped: 1 } }),
  ];
  expect(wdioCounts(reports)).toEqual({ passed: 5, failed: 1, skipped: 1 });
});
