import type { Pause, Transport } from '@muster/protocol/bridge';
import type { UserActivity } from './user-activity.ts';

/** How long after news of its streams a window pulls them no more, in milliseconds: eyes need no more than five in a second. */
export const restMs = 200;

/** The same while somebody scrolls or types, as long as that goes on: what changes under the hand helps nobody, and costs frames. */
export const longestRestMs = 1000;

/**
 * Lets a window rest after each pull of its streams. Of each stream only the latest counts, so nothing is lost; while answers come fast,
 * it is the frames that gain. Other streams than those pulled before are pulled at once: what is opened does not wait.
 */
export function restAfterNews(transport: Transport, pause: Pause, activity: UserActivity): Transport {
  async function rest(): Promise<void> {
    await pause(restMs);
    for (let restedMs = restMs; activity.isOngoing && restedMs < longestRestMs; restedMs += restMs) await pause(restMs);
  }

  let before = { streams: '', rest: Promise.resolve() };
  return async (name, payload) => {
    if (name !== 'stream.pull') return transport(name, payload);
    const streams = JSON.stringify(payload);
    if (streams === before.streams) await before.rest;
    const pulled = await transport(name, payload);
    before = { streams, rest: rest() };
    return pulled;
  };
}
