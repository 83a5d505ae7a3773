import { describe, expect, it } from 'vitest';
import { parseOutput } from './run-check.ts';
import { splitWords } from './split-words.ts';

describe('a command line', () => {
  it.each<[string, string[], string[]]>([
    ['check -w 1', [], ['check', '-w', '1']],
    [' check\t"a b" \'c d\'  e\\ f ', [], ['check', 'a b', 'c d', 'e f']],
    ['c "a\\"b" "a\\b" \'a\\b\' "" x""y', [], ['c', 'a"b', 'a\\b', 'a\\b', '', 'xy']],
    ["c '| & $x' \"it's\" \\| \\$", [], ['c', '| & $x', "it's", '|', '$']],
    ['c -w $ARG1$ -c $ARG2$', ['80', '90'], ['c', '-w', '80', '-c', '90']],
    ['c x$ARG1$y "$ARG2$"', ['1', '2'], ['c', 'x1y', '2']],
    ['c $ARG1$ "$ARG1$" $ARG2$', [], ['c', '']],
    ['c $ARG1$', ['a b; $(id) "q\' $ARG1$'], ['c', 'a b; $(id) "q\' $ARG1$']],
    ['', [], []],
  ])('%j with %j', (line, args, words) => {
    expect(splitWords(line, args)).toEqual({ ok: true, value: words });
  });

  it.each([
    ['c | d', '|'],
    ['c > d', '>'],
    ['c; d', ';'],
    ['c $HOME', '$'],
    ['c "$(id)"', '$'],
    ['c `id`', '`'],
    ['c "`id`"', '`'],
    ['(c)', '('],
  ])('%j needs a shell', (line, char) => {
    const message = `The command line uses ${char}, which only a shell understands: ${line}`;
    expect(splitWords(line, [])).toMatchObject({ ok: false, error: { message } });
  });

  it.each(["c 'a", 'c "a', 'c "a\\"'])('%j has no end', (line) => {
    expect(splitWords(line, [])).toMatchObject({ ok: false, error: { code: 'config.invalid' } });
  });
});

describe('what a check wrote', () => {
  it.each([
    ['OK - fine\n', 'OK - fine', ''],
    ['OK - fine | a=1 b=2\n', 'OK - fine', 'a=1 b=2'],
    ['OK | a=1\nmore\nlast | b=2\nc=3\n', 'OK\nmore\nlast', 'a=1 b=2 c=3'],
    ['', '', ''],
  ])('%j', (written, output, perfdata) => {
    expect(parseOutput(written)).toEqual({ output, perfdata });
  });
});
