import { $ } from '@wdio/globals';
import { fleetSize } from '../e2e/surroundings.ts';
import { parts, type View } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Stage } from './scene.ts';

const views: readonly View[] = ['fleet', 'compose', 'history', 'puppet', 'catalogue', 'health', 'security', 'settings'];

/** The window in German, where words are longer. */
export const germanStage = (link: () => string): Stage => ({
  title: 'a window in German',
  scenes: [
    ...views.map((view) => ({ name: `german-${view}`, show: () => windowPage.goTo(view) })),
    {
      name: 'german-run',
      async show() {
        await windowPage.goTo('compose');
        await $(parts.composeList('actions')).click();
        await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
        await windowPage.run();
        await windowPage.resultsBecome(fleetSize);
      },
    },
  ],
  async enter() {
    await windowPage.open(link(), fleetSize);
    await windowPage.chooseLanguage('de');
    return () => windowPage.chooseLanguage('en');
  },
});
