import { ok, type Result } from '@muster/protocol/errors';
import { expect, it, vi } from 'vitest';
import { OpenDetail } from './open-detail.svelte.ts';

function watch() {
  const asked: string[] = [];
  const detail = new OpenDetail<string>((identity) => {
    asked.push(identity);
    return Promise.resolve(ok(`all of ${identity}`));
  });
  return { asked, detail };
}

it('reads at once what is opened first, and of those passed by only the one that is rested on', async () => {
  const { asked, detail } = watch();
  const first = detail.open('web1');
  expect(asked).toEqual(['web1']);
  await first;
  const steps = ['web2', 'web3', 'web4'].map((identity) => detail.open(identity));
  expect(detail.detail).toBe('all of web1');
  await Promise.all(steps);
  expect(asked).toEqual(['web1', 'web4']);
  expect([detail.detail, detail.isOutdated]).toEqual(['all of web4', false]);
});

it('says that what is in sight is of another one when the answer takes its time, or a key is held', async () => {
  const { promise, resolve } = Promise.withResolvers<Result<string>>();
  const detail = new OpenDetail<string>((identity) =>
    identity === 'slow' ? promise : Promise.resolve(ok(`all of ${identity}`)),
  );
  await detail.open('web1');
  const steps = ['web2', 'slow'].map((identity) => detail.open(identity));
  expect(detail.isOutdated).toBe(false);
  await vi.waitFor(() => expect(detail.isOutdated).toBe(true));
  expect(detail.detail).toBe('all of web1');
  resolve(ok('all at last'));
  await Promise.all(steps);
  expect([detail.detail, detail.isOutdated]).toEqual(['all at last', false]);
});

it('reads nothing that was closed again', async () => {
  const { asked, detail } = watch();
  await detail.open('web1');
  const step = detail.open('web2');
  await detail.open(null);
  await step;
  expect(asked).toEqual(['web1']);
  expect([detail.detail, detail.isOutdated]).toEqual([null, false]);
});
