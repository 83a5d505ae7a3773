import { expect, it } from 'vitest';
import { ManualClock } from '../../test/window-rig.ts';
import { coalesce } from './coalesce.ts';

it('reacts once to many, again to more, and not at all when stopped', () => {
  const clock = new ManualClock();
  let reactions = 0;
  const news = coalesce(clock, 100, () => reactions++);
  for (let time = 0; time < 10; time++) news.note();
  clock.move(100);
  expect(reactions).toBe(1);
  news.note();
  clock.move(100);
  expect(reactions).toBe(2);
  news.note();
  news.stop();
  clock.move(1000);
  expect(reactions).toBe(2);
  expect(clock.pending).toBe(0);
});

it('does not wait with what is urgent, and does not react to it twice', () => {
  const clock = new ManualClock();
  let reactions = 0;
  const news = coalesce(clock, 100, () => reactions++);
  news.note();
  news.noteNow();
  expect(reactions).toBe(1);
  expect(clock.pending).toBe(0);
  clock.move(1000);
  expect(reactions).toBe(1);
});
