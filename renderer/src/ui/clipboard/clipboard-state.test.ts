import { expect, it } from 'vitest';
import { ClipboardState } from './clipboard-state.svelte.ts';

it('keeps what the browser refused until it is copied, or put away', async () => {
  let mayWrite = false;
  const written: string[] = [];
  const clipboard = new ClipboardState((text) => {
    if (!mayWrite) return Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
    written.push(text);
    return Promise.resolve();
  });
  expect(await clipboard.copy('web1')).toBe(false);
  expect(clipboard.refused).toBe('web1');
  clipboard.dismiss();
  expect(clipboard.refused).toBeNull();
  expect(await clipboard.copy('web2')).toBe(false);
  mayWrite = true;
  expect(await clipboard.copy('web2')).toBe(true);
  expect(clipboard.refused).toBeNull();
  expect(written).toEqual(['web2']);
});
