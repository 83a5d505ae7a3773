import { expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';

it('quotes what has to be quoted', () => {
  expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', ''])).toBe('a,"b,c","say ""x""","two\nlines",\r\n');
});

it.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['+cmd|x', "'+cmd|x"],
  ['-x', "'-x"],
  ['\tx', "'\tx"],
  ['-5', '-5'],
  ['+1.5', '+1.5'],
  ['a=b', 'a=b'],
])('takes formulas for texts: %j', (text, written) => {
  expect(csvLine([text])).toBe(`${written}\r\n`);
});
