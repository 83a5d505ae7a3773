import { setTimeout as pause } from 'node:timers/promises';

/**
 * Repeats a check until it passes, and fails with its last complaint after `withinMs` (a minute when absent).
 * Tests wait by this and never by sleeping.
 */
export async function eventually(check: () => unknown, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (complaint) {
      if (performance.now() > deadline) throw complaint;
      await pause(20);
    }
  }
}
