import { describe, expect, test } from 'vitest';
import { addCounts, countsText, noCounts, withExitCode } from './counts.ts';
import { runStages } from './run-stages.ts';
import { vitestCounts, vitestFailures } from './vitest-report.ts';
import { wdioCounts, wdioFailures } from './wdio-report.ts';

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

describe('stages', () => {
  /** Stages that are told to end one by one, and what was seen to begin. */
  function trial() {
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const run = (name: string) => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(`${name} done`)));
    };
    const end = async (name: string) => {
      ends.get(name)?.();
      await new Promise(setImmediate);
    };
    return { begun, run, end };
  }

  test('run so many at a time, and the next when one ends', async () => {
    const { begun, run, end } = trial();
    const all = runStages(['a', 'b', 'c', 'd'], { atOnce: 2, run, signal: new AbortController().signal });
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('c');
    await end('d');
    await end('a');
    expect(await all).toEqual(['a done', 'b done', 'c done', 'd done']);
  });

  test('begin nothing more once they are told to stop', async () => {
    const { begun, run, end } = trial();
    const stop = new AbortController();
    const all = runStages(['a', 'b', 'c'], { atOnce: 2, run, signal: stop.signal });
    stop.abort();
    await end('b');
    await end('a');
    expect(await all).toEqual(['a done', 'b done']);
    expect(begun).toEqual(['a', 'b']);
  });
});

describe("vitest's report", () => {
  const report = (files: unknown[]) =>
    JSON.stringify({ numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: files });

  const files = [
    { name: 'broken.test.ts', status: 'failed', assertionResults: [] },
    {
      name: 'some.test.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'a list grows', status: 'passed' },
        { fullName: 'a list sorts', status: 'failed' },
      ],
    },
  ];

  test('is counted by tests', () => {
    expect(vitestCounts(report([]))).toEqual({ passed: 7, failed: 1, skipped: 3 });
  });

  test('counts a file that could not be loaded as a failure', () => {
    expect(vitestCounts(report(files)).failed).toBe(2);
  });

  test('names what failed', () => {
    expect(vitestFailures(report(files))).toEqual(['broken.test.ts', 'some.test.ts: a list sorts']);
  });

  test('is refused when it is something else', () => {
    expect(() => vitestCounts('{"numPassedTests":"many"}')).toThrow();
  });
});

test("wdio's reports are added up over spec files", () => {
  const tests = [
    { name: 'opens', state: 'passed' },
    { name: 'closes', state: 'failed' },
  ];
  const reports = [
    JSON.stringify({ state: { passed: 3, failed: 1, skipped: 0 }, suites: [{ name: 'a window', tests }] }),
    JSON.stringify({ state: { passed: 2, failed: 0, skipped: 1 } }),
  ];
  expect(wdioCounts(reports)).toEqual({ passed: 5, failed: 1, skipped: 1 });
  expect(wdioFailures(reports)).toEqual(['a window: closes']);
});
