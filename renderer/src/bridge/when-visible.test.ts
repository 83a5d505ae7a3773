import { ok } from '@muster/protocol/errors';
import { expect, it } from 'vitest';
import { pullWhenVisible } from './when-visible.ts';

it('lets streams rest while nobody sees the page, and calls through', async () => {
  const listeners = new Set<() => void>();
  const page = {
    visibilityState: 'hidden' as DocumentVisibilityState,
    addEventListener: (_name: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_name: string, listener: () => void) => void listeners.delete(listener),
  };
  const sent: string[] = [];
  const transport = pullWhenVisible((name) => {
    sent.push(name);
    return Promise.resolve(ok(null));
  }, page);
  await transport('fleet.count', {});
  const pulled = transport('stream.pull', {});
  for (const listener of listeners) listener();
  expect(sent).toEqual(['fleet.count']);
  page.visibilityState = 'visible';
  for (const listener of listeners) listener();
  await pulled;
  expect(sent).toEqual(['fleet.count', 'stream.pull']);
  expect(listeners.size).toBe(0);
  await transport('stream.pull', {});
  expect(sent).toHaveLength(3);
});
