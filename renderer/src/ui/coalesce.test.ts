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

it('reacts to what waits when it is asked to, and to nothing else', () => {
  const clock = new ManualClock();
  let reactions = 0;
  const news = coalesce(clock, 100, () => reactions++);
  news.flush();
  expect(reactions).toBe(0);
  news.note();
  news.flush();
  expect([reactions, clock.pending]).toEqual([1, 0]);
  news.flush();
  expect(reactions).toBe(1);
});

it('asks at the first news how long to wait, where that may differ', () => {
  const clock = new ManualClock();
  let waitMs = 0;
  let reactions = 0;
  const news = coalesce(
    clock,
    () => waitMs,
    () => reactions++,
  );
  news.note();
  clock.move(0);
  expect(reactions).toBe(1);
  waitMs = 100;
  news.note();
  clock.move(99);
  expect(reactions).toBe(1);
  clock.move(1);
  expect(reactions).toBe(2);
});
