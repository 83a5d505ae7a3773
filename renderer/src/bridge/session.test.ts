import { fail, ok, type Result } from '@muster/protocol/errors';
import { describe, expect, it } from 'vitest';
import { createSession, takeToken } from './session.ts';

function storageOf(kept: Record<string, string>): Pick<Storage, 'getItem' | 'setItem'> {
  return {
    getItem: (key) => kept[key] ?? null,
    setItem: (key, value) => {
      kept[key] = value;
    },
  };
}

const address = (hash: string) => ({ hash, pathname: '/', search: '' });

describe('taking the token', () => {
  it('takes it out of the address', () => {
    const shown: string[] = [];
    const history = {
      replaceState: (_state: unknown, _unused: string, url?: string | URL | null) => void shown.push(String(url)),
    };
    expect(takeToken(address('#token=abc-_1'), history)).toBe('abc-_1');
    expect(shown).toEqual(['/#/fleet']);
  });

  it.each(['', '#/runs/1', '#token=', '#token=a b'])('leaves %j alone', (hash) => {
    const history = {
      replaceState: () => {
        throw new Error('the address was changed');
      },
    };
    expect(takeToken(address(hash), history)).toBeNull();
  });
});

describe('a session', () => {
  const used: Result<unknown> = fail('bridge.forbidden', 'This link was used already');

  it('exchanges the token once, however many calls ask', async () => {
    const kept: Record<string, string> = {};
    const exchanged: string[] = [];
    const session = createSession('token', storageOf(kept), (token) => {
      exchanged.push(token);
      return Promise.resolve(ok({ session: 'secret' }));
    });
    expect(await Promise.all([session(), session()])).toEqual([ok('secret'), ok('secret')]);
    expect(exchanged).toEqual(['token']);
    expect(kept).toEqual({ 'muster.session': 'secret' });
  });

  it('is found again after a reload', async () => {
    const session = createSession(null, storageOf({ 'muster.session': 'secret' }), () => Promise.resolve(used));
    expect(await session()).toEqual(ok('secret'));
  });

  it('holds when the tab opens its own link a second time', async () => {
    const session = createSession('token', storageOf({ 'muster.session': 'secret' }), () => Promise.resolve(used));
    expect(await session()).toEqual(ok('secret'));
  });

  it('is refused to a second tab with the same link', async () => {
    expect(await createSession('token', storageOf({}), () => Promise.resolve(used))()).toEqual(used);
  });

  it('is refused without a link', async () => {
    const session = createSession(null, storageOf({}), () => Promise.resolve(used));
    expect(await session()).toMatchObject({ ok: false, error: { code: 'bridge.forbidden' } });
  });

  it('is tried again after the host did not answer', async () => {
    const answers = [() => Promise.reject(new Error('refused')), () => Promise.resolve(ok({ session: 'secret' }))];
    const session = createSession('token', storageOf({}), () => answers.shift()?.() ?? Promise.resolve(used));
    await expect(session()).rejects.toThrow('refused');
    expect(await session()).toEqual(ok('secret'));
  });
});
