import { setTimeout as pause } from 'node:timers/promises';
import { integer } from '@muster/build/fleet';
import type { Scene } from './fault-kind.ts';

/** Lets a random time pass. Gives it, in milliseconds. */
export async function aWhile({ random }: Pick<Scene, 'random'>, leastMs: number, mostMs: number): Promise<number> {
  const ms = integer(random, leastMs, mostMs);
  await pause(ms);
  return ms;
}

const pollMs = 5;

/** Waits for a condition that may never hold: gives whether it did in time. */
export async function within(limitMs: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await pause(pollMs);
  }
  return true;
}
