import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseProcStat } from './proc-stat.ts';

it('counts fields from behind the name, whatever the name is', () => {
  const stat = parseProcStat('42 (a b) (c)) S 7 42 42 0 -1 4194560 1 0 0 0 5 6 0 0 20 0 1 0 12345 0 0\n');
  expect(stat).toMatchObject({ comm: 'a b) (c)', state: 'S' });
  expect([4, 5, 22].map((number) => stat?.field(number))).toEqual([7, 42, 12345]);
});

it('reads what the kernel says of ourselves', () => {
  const stat = parseProcStat(readFileSync('/proc/self/stat', 'utf8'));
  expect(stat?.field(4)).toBe(process.ppid);
});

it.each(['', '42', '42 (sh)', '42 (sh'])('makes nothing of %j', (text) => expect(parseProcStat(text)).toBeUndefined());
