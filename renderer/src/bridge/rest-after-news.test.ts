import { ok } from '@muster/protocol/errors';
import { expect, it } from 'vitest';
import { ManualClock } from '../../test/window-rig.ts';
import { longestRestMs, restAfterNews, restMs } from './rest-after-news.ts';

const nobody = { isOngoing: false };

it('pulls the same streams again only after a rest, and others at once', async () => {
  const rests: { readonly ms: number; readonly end: () => void }[] = [];
  const sent: unknown[] = [];
  const transport = restAfterNews(
    (name, payload) => {
      sent.push(name === 'stream.pull' ? payload : name);
      return Promise.resolve(ok(null));
    },
    (ms) => new Promise((end) => rests.push({ ms, end })),
    nobody,
  );
  const pull = (...streamIds: readonly string[]) => transport('stream.pull', { streamIds });
  await pull('1');
  const again = pull('1');
  await transport('fleet.count', {});
  await pull('1', '2');
  expect(sent).toEqual([{ streamIds: ['1'] }, 'fleet.count', { streamIds: ['1', '2'] }]);
  expect(rests.map(({ ms }) => ms)).toEqual([restMs, restMs]);
  rests[0]?.end();
  await again;
  expect(sent.at(-1)).toEqual({ streamIds: ['1'] });
});

it('lets a failure through, without a rest', async () => {
  let rests = 0;
  const transport = restAfterNews(
    () => Promise.reject(new Error('gone')),
    () => {
      rests += 1;
      return Promise.resolve();
    },
    nobody,
  );
  await expect(transport('stream.pull', {})).rejects.toThrow('gone');
  expect(rests).toBe(0);
});

it('rests longer while somebody scrolls or types, and not for ever', async () => {
  const clock = new ManualClock();
  const activity = { isOngoing: true };
  let pulls = 0;
  const transport = restAfterNews(
    () => {
      pulls += 1;
      return Promise.resolve(ok(null));
    },
    (ms) => new Promise((end) => void clock.after(ms, end)),
    activity,
  );
  /** Lets so many rests go by, one after the other. */
  const pass = async (count: number) => {
    for (let rest = 0; rest < count; rest++) {
      clock.move(restMs);
      await new Promise(setImmediate);
    }
  };
  const pull = () => void transport('stream.pull', {});
  await transport('stream.pull', {});
  pull();
  await pass(longestRestMs / restMs - 1);
  expect(pulls).toBe(1);
  await pass(1);
  expect(pulls).toBe(2);

  pull();
  await pass(2);
  activity.isOngoing = false;
  await pass(1);
  expect(pulls).toBe(3);
});
