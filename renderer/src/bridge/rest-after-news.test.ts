import { ok } from '@muster/protocol/errors';
import { expect, it } from 'vitest';
import { restAfterNews, restMs } from './rest-after-news.ts';

it('pulls the same streams again only after a rest, and others at once', async () => {
  const rests: { readonly ms: number; readonly end: () => void }[] = [];
  const sent: unknown[] = [];
  const transport = restAfterNews(
    (name, payload) => {
      sent.push(name === 'stream.pull' ? payload : name);
      return Promise.resolve(ok(null));
    },
    (ms) => new Promise((end) => rests.push({ ms, end })),
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
  );
  await expect(transport('stream.pull', {})).rejects.toThrow('gone');
  expect(rests).toBe(0);
});
