import { expect, it } from 'vitest';
import { firstPauseMs, longestPauseMs, SilenceBook } from './silence-book.ts';

it('leaves silent nodes alone for longer and longer, up to a bound', () => {
  const book = new SilenceBook();
  expect(book.mayAsk('a', 0)).toBe(true);
  for (let times = 0, nowMs = 0; times < 12; times++) {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** times);
    book.noteSilence('a', nowMs);
    expect(book.mayAsk('a', nowMs + pauseMs - 1)).toBe(false);
    nowMs += pauseMs;
    expect(book.mayAsk('a', nowMs)).toBe(true);
  }
});

it('forgets the silence of nodes that answer, and of all when told so', () => {
  const book = new SilenceBook();
  book.noteSilence('a', 0);
  book.noteSilence('b', 0);
  book.noteAnswer('a');
  expect(book.mayAsk('a', 1)).toBe(true);
  expect(book.mayAsk('b', 1)).toBe(false);
  book.forgive();
  expect(book.mayAsk('b', 1)).toBe(true);
  book.noteSilence('a', 0);
  expect(book.mayAsk('a', firstPauseMs)).toBe(true);
});
