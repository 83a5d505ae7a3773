import { describe, expect, it } from 'vitest';
import { memorySink } from '../testing/memory-surroundings.ts';
import { cleanJson, cleanLine, cleanText } from './clean-text.ts';
import { inColumns, table } from './columns.ts';
import { runExitCode } from './exit-code.ts';
import { createProgress, progressFrame } from './progress.ts';
import { displayMode, isShown } from './result-block.ts';

describe('exit codes', () => {
  it.each([
    // discoveryMs, discovered, responses, failed -> code
    [0, 0, 0, 0, 4],
    [0, 5, 0, 0, 4],
    [2000, 5, 0, 0, 3],
    [2000, 5, 5, 1, 2],
    [0, 5, 5, 5, 2],
    [2000, 0, 1, 0, 0],
    [2000, 0, 1, 1, 0],
    [2000, 0, 0, 0, 1],
    [2000, 5, 5, 0, 0],
    [2000, 5, 4, 0, 0],
    [0, 5, 5, 0, 0],
  ])(
    'discovery %d ms, %d discovered, %d answered, %d failed: %d',
    (discoveryMs, discovered, responses, failed, code) => {
      expect(runExitCode({ discoveryMs, discovered, responses, failed })).toBe(code);
    },
  );
});

describe('text from elsewhere', () => {
  it('cannot speak to the terminal', () => {
    expect(cleanText('a\u001b]0;x\u0007\r\u009b\u200b\u202e\n\tb')).toBe(
      'a\\u001b]0;x\\u0007\\u000d\\u009b\\u200b\\u202e\n\tb',
    );
    expect(cleanLine('a\n\tb')).toBe('a\\n\\tb');
    expect(cleanText('Grüße, 世界 🎉')).toBe('Grüße, 世界 🎉');
  });
  it('means the same in JSON', () => {
    const value = { text: 'a\u001b\u007f\u0085\u2028\u{e0041}"\\' };
    expect(cleanJson(value)).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(cleanJson(value))).toEqual(value);
  });
});

describe('columns', () => {
  it('sets names side by side', () => {
    expect(inColumns(['a', 'bbb', 'c', 'd', 'e'], 20)).toEqual(['   a    bbb  c', '   d    e']);
    expect(inColumns(['a-very-long-name', 'b'], 5)).toEqual(['   a-very-long-name', '   b']);
    expect(inColumns([], 80)).toEqual([]);
  });
  it('sets numbers to the right in tables, and versions to the left', () => {
    expect(
      table(
        ['Name', 'Count', 'Version'],
        [
          ['a', '1', '1.2.3'],
          ['bcdef', '1000', '0.1'],
        ],
        ['Count'],
      ),
    ).toEqual(['Name   Count  Version', '-----  -----  -------', 'a          1  1.2.3', 'bcdef   1000  0.1']);
  });
});

describe('the progress bar', () => {
  const plain = (text: string) => text;
  it.each([
    [0, 15, '', 80, ` | [ ${' '.repeat(58)} ] 0 / 15`],
    [0, 0, '', 40, ` * [ ${'='.repeat(18)} ] 0 / 0`],
    [9, 18, '', 40, ` | [ ========>${' '.repeat(9)} ] 9 / 18`],
    [18, 18, '', 40, ` * [ ${'='.repeat(18)} ] 18 / 18`],
    [7, 15, '', 31, '7 / 15'],
    [70, 15, '', 200, ` * [ ${'='.repeat(60)} ] 70 / 15`],
    [9, 18, 'paused', 48, ` | [ ========>${' '.repeat(9)} ] 9 / 18  paused`],
    [9, 18, 'batch 2 / 5, 4 at work', 30, '9 / 18  batch 2 / 5, 4 at wor'],
  ])('%d of %d and "%s" in %d columns', (done, total, note, width, frame) =>
    expect(progressFrame({ done, total, note }, 0, width, plain)).toBe(frame),
  );

  it('gives way to what is printed, and is finished at the end', () => {
    const sink = memorySink({ isTerminal: true, columns: 31 });
    let tick: () => void = () => undefined;
    const progress = createProgress(sink, true, (_ms, given) => {
      tick = given;
      return () => undefined;
    });
    tick();
    progress.update(1, 2);
    tick();
    progress.around(() => sink.write('block\n'));
    progress.update(2, 2);
    progress.stop();
    expect(sink.text()).toBe('\r1 / 2\u001b[K\r\u001b[Kblock\n\r2 / 2\u001b[K\n\n');
  });

  it.each([
    [{ isTerminal: false }, true],
    [{ isTerminal: true }, false],
  ])('is silent: %j, wanted %s', (options, wanted) => {
    const sink = memorySink(options);
    const progress = createProgress(sink, wanted, () => () => undefined);
    progress.update(1, 2);
    progress.stop();
    expect(sink.text()).toBe('');
  });
});

describe('display modes', () => {
  const answer = (statusCode: number) => ({
    identity: 'a',
    state: 'ok' as const,
    statusCode,
    statusMessage: '',
    data: {},
  });
  it.each([
    ['ok', true, false],
    ['failed', false, true],
    ['all', true, true],
    ['none', false, false],
  ] as const)('%s', (mode, good, bad) => {
    expect([isShown(answer(0), mode), isShown(answer(1), mode)]).toEqual([good, bad]);
  });
  it('is failed by default, all when verbose, and the flag wins', () => {
    expect(displayMode(undefined, false, undefined)).toBe('failed');
    expect(displayMode(undefined, true, undefined)).toBe('all');
    expect(displayMode('none', true, undefined)).toBe('none');
  });
});
