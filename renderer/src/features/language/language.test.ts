import { ok } from '@muster/protocol/errors';
import { createBridgeClient, type Transport } from '@muster/protocol/bridge';
import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { languageOf, type LanguageChoice } from './language-choice.ts';
import { LanguageState } from './language-state.svelte.ts';
import { wearLanguage } from './wear-language.ts';

const never = () => new Promise<never>(() => undefined);

/** A browser that prefers some languages, and keeps what was chosen in it. */
function createBrowser(preferred: readonly string[], kept?: string) {
  const items = new Map<string, string>(kept === undefined ? [] : [['muster.language', kept]]);
  const localStorage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
  return {
    surroundings: { localStorage, navigator: { languages: preferred } },
    kept: () => items.get('muster.language'),
  };
}

describe('the language that a choice comes to', () => {
  it.each<[LanguageChoice, string[], string]>([
    ['de', ['en-US'], 'de'],
    ['en', ['de'], 'en'],
    ['system', ['de-AT', 'en'], 'de'],
    ['system', ['DE'], 'de'],
    ['system', ['fr-CH', 'de-CH', 'en'], 'de'],
    ['system', ['en-GB', 'de'], 'en'],
    ['system', ['fr', 'it'], 'en'],
    ['system', ['constructor'], 'en'],
    ['system', [], 'en'],
  ])('%s, where the system prefers %j: %s', (choice, preferred, language) =>
    expect(languageOf(choice, preferred)).toBe(language),
  );
});

describe('a page that starts', () => {
  async function worn(
    browser: ReturnType<typeof createBrowser>,
    transport: Transport,
    pause: () => Promise<void> = never,
  ) {
    const root = { lang: 'en', dir: '' };
    await wearLanguage(root, browser.surroundings, createBridgeClient(transport, never), pause);
    return root;
  }
  const told =
    (value: unknown): Transport =>
    () =>
      Promise.resolve(ok({ value }));

  it('wears what the console knows, and keeps that in the browser', async () => {
    const browser = createBrowser(['en'], 'en');
    expect(await worn(browser, told('de'))).toEqual({ lang: 'de', dir: 'ltr' });
    expect(browser.kept()).toBe('de');
  });

  it.each<[string, unknown]>([
    ['nobody has chosen', null],
    ['another version chose what is not spoken here', 'tlh'],
  ])('wears what the system prefers when %s', async (_why, stored) => {
    expect((await worn(createBrowser(['de-DE']), told(stored))).lang).toBe('de');
  });

  it('wears what the browser kept when the console is locked or away', async () => {
    const browser = createBrowser(['en'], 'de');
    const rig = createWindowRig(0);
    await rig.bridge.call('guard.lock', {});
    expect((await worn(browser, rig.engine.transport)).lang).toBe('de');
    expect((await worn(browser, () => Promise.reject(new Error('refused')))).lang).toBe('de');
  });

  it('does not wait long, and keeps what comes late for the next start', async () => {
    const browser = createBrowser(['en']);
    let tell: (value: string) => void = () => undefined;
    const late: Transport = () => new Promise((resolve) => (tell = (value) => resolve(ok({ value }))));
    expect((await worn(browser, late, () => Promise.resolve())).lang).toBe('en');
    tell('de');
    await expect.poll(() => browser.kept()).toBe('de');
    expect((await worn(browser, never, () => Promise.resolve())).lang).toBe('de');
  });
});

describe('a person who chooses', () => {
  // Tests have no page, so that the window is in English.
  function createState(kept?: string) {
    const rig = createWindowRig(0);
    const browser = createBrowser(['en-GB'], kept);
    const known: unknown[] = [];
    const state = new LanguageState(rig.bridge, browser.surroundings, () =>
      known.push(rig.engine.preferences.get('language')),
    );
    return { ...rig, browser, state, known };
  }

  it('gets a reload, once the console knows the choice', async () => {
    const { state, known, browser } = createState();
    expect(state.choice).toBe('system');
    await state.choose('de');
    expect(known).toEqual(['de']);
    expect([state.choice, browser.kept()]).toEqual(['de', 'de']);
  });

  it('gets none where it is the same language', async () => {
    const { state, known, engine } = createState();
    await state.choose('en');
    expect(known).toEqual([]);
    expect([state.choice, engine.preferences.get('language')]).toEqual(['en', 'en']);
  });

  it('is told why it cannot be kept, and nothing changes', async () => {
    const { state, known, bridge, browser } = createState();
    await bridge.call('guard.lock', {});
    await state.choose('de');
    expect(state.fault?.code).toBe('console.locked');
    expect([state.choice, browser.kept(), known]).toEqual(['system', undefined, []]);
  });

  it('finds what was chosen in another browser, once the console is unlocked', async () => {
    const { state, known, engine } = createState();
    await state.read();
    expect(known).toEqual([]);
    engine.preferences.set('language', 'de');
    await state.read();
    expect(known).toEqual(['de']);
  });
});
