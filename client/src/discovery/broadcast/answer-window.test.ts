import { expect, it } from 'vitest';
import { createHandClock } from '../../../../test/support/hand-clock.ts';
import { AnswerWindow, type WindowOptions } from './answer-window.ts';

/** A window of two seconds, and when it has ended. */
function open(options: Partial<WindowOptions> = {}) {
  const hand = createHandClock();
  const window = new AnswerWindow(hand, { windowMs: 2000, slides: true, ...options });
  let endedAtMs: number | null = null;
  void window.ended.then(() => (endedAtMs = hand.clock()));
  return {
    window,
    hand,
    /** Lets time pass in steps of 10 ms, so that the end is seen when it comes. */
    pass: async (ms: number) => {
      await Promise.resolve();
      for (let passed = 0; passed < ms && endedAtMs === null; passed += 10) {
        hand.advance(10);
        await Promise.resolve();
      }
    },
    endedAtMs: () => endedAtMs,
  };
}

it('lasts to its end when nobody answers', async () => {
  const { pass, endedAtMs } = open();
  await pass(5000);
  expect(endedAtMs()).toBe(2000);
});

it('ends 250 ms after the last of those that are expected', async () => {
  const { window, pass, endedAtMs } = open();
  await pass(40);
  window.heard(false);
  await pass(30);
  window.heard(true);
  await pass(200);
  // Somebody whom nobody expected.
  window.heard(true);
  await pass(5000);
  expect(endedAtMs()).toBe(520);
});

it('never ends before half of it while somebody is missing', async () => {
  const { window, pass, endedAtMs } = open();
  await pass(50);
  window.heard(false);
  await pass(5000);
  expect(endedAtMs()).toBe(1000);
});

it('ends after half of it as soon as answers dry up', async () => {
  const { window, pass, endedAtMs } = open();
  for (let answers = 0; answers < 12; answers++) {
    await pass(100);
    window.heard(false);
  }
  await pass(5000);
  expect(endedAtMs()).toBe(1200 + 300);
});

it('waits as long as the longest silence so far', async () => {
  const { window, pass, endedAtMs } = open();
  await pass(100);
  window.heard(false);
  await pass(700);
  window.heard(false);
  await pass(200);
  window.heard(false);
  await pass(5000);
  expect(endedAtMs()).toBe(1000 + 700);
});

it('never lasts longer than its end', async () => {
  const { window, pass, endedAtMs } = open();
  await pass(1100);
  window.heard(false);
  await pass(5000);
  expect(endedAtMs()).toBe(2000);
});

it('waits to its end for those who are missing when it does not slide', async () => {
  const { window, pass, endedAtMs } = open({ slides: false });
  await pass(50);
  window.heard(false);
  await pass(5000);
  expect(endedAtMs()).toBe(2000);
});

it('gives nodes that nobody knows half of it when nobody is expected', async () => {
  const { window, pass, endedAtMs } = open();
  window.expectNobody();
  await pass(5000);
  expect(endedAtMs()).toBe(1000);
});

it('ends when it is told so, also beforehand', async () => {
  const enough = new AbortController();
  const { pass, endedAtMs } = open({ signal: enough.signal });
  await pass(70);
  enough.abort();
  await pass(5000);
  expect(endedAtMs()).toBe(70);
  const late = open({ signal: AbortSignal.abort() });
  await late.pass(5000);
  expect(late.endedAtMs()).toBe(0);
});

it('leaves no timer behind', async () => {
  const { window, hand, pass } = open();
  window.heard(false);
  await pass(20);
  window.close();
  expect(hand.waiting()).toBe(0);
});
