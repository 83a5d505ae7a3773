import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createHandClock, type HandClock } from '../../../test/support/hand-clock.ts';
import { Sleeper } from './sleeper.ts';

let hand: HandClock;
let sleeper: Sleeper;

beforeEach(() => {
  hand = createHandClock();
  sleeper = new Sleeper(hand);
});

/** Falls asleep; calls back when it is over. */
function sleep(untilMs: number): () => void {
  const over = vi.fn();
  void sleeper.sleep(untilMs).then(over);
  return over;
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a sleeper', () => {
  it('sleeps until its time', async () => {
    const over = sleep(1000);
    hand.advance(999);
    await settled();
    expect(over).not.toHaveBeenCalled();
    hand.advance(1);
    await settled();
    expect(over).toHaveBeenCalledOnce();
  });

  it('looks at the clock again after a while, however long it may sleep', async () => {
    const over = sleep(Infinity);
    hand.advance(5000);
    await settled();
    expect(over).toHaveBeenCalledOnce();
  });

  it('does not sleep when the time is over', async () => {
    const over = sleep(0);
    await settled();
    expect(over).toHaveBeenCalledOnce();
  });

  it('is woken, and leaves no timer', async () => {
    const over = sleep(1000);
    sleeper.wake();
    await settled();
    expect(over).toHaveBeenCalledOnce();
    expect(hand.waiting()).toBe(0);
  });

  it('misses nothing that happened while it was awake, and sleeps again after that', async () => {
    sleeper.wake();
    const first = sleep(1000);
    await settled();
    expect(first).toHaveBeenCalledOnce();
    const second = sleep(1000);
    await settled();
    expect(second).not.toHaveBeenCalled();
  });
});
