import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, $$, browser } from '@wdio/globals';
import { securityPage } from '../e2e/security-page.ts';
import { fleetSize, surroundings } from '../e2e/surroundings.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import { startConsole } from '../support/browser-console.ts';
import { copiedHome } from '../support/copied-home.ts';
import type { Scene, Stage } from './scene.ts';

const run = async (action: string, inputs: Readonly<Record<string, string>>): Promise<void> => {
  await windowPage.goTo('compose');
  await windowPage.compose(action, inputs);
  await windowPage.run();
};

/** The audit of a console that starts with nothing, and that somebody changes in the end. */
export function auditStage(): Stage {
  let folder = '';
  const scenes: readonly Scene[] = [
    { name: 'audit-empty', show: () => securityPage.open('audit') },
    {
      name: 'audit',
      after: 'audit-empty',
      async show() {
        for (const fact of ['os', 'role', 'kernel']) await run('rpcutil.get_fact', { fact });
        await run('package.status', { package: 'nginx' });
        await securityPage.open('audit');
        await securityPage.verdictBecomes('intact');
      },
    },
    {
      name: 'audit-search',
      after: 'audit',
      async show() {
        await $(parts.auditSearch).setValue('nginx');
        await browser.waitUntil(async () => (await $$(parts.auditRow).length) === 1);
      },
    },
    {
      name: 'audit-no-match',
      after: 'audit',
      async show() {
        await $(parts.auditSearch).setValue('nothing like it');
        await browser.waitUntil(async () => (await $$(parts.auditRow).length) === 0);
      },
    },
    {
      name: 'audit-damaged',
      after: 'audit',
      async show() {
        const file = join(folder, 'audit', 'audit-1.log');
        await writeFile(file, (await readFile(file, 'utf8')).replace('"fact":"role"', '"fact":"cost"'));
        await $(parts.auditSearch).setValue('');
        await securityPage.verdictBecomes('damaged');
        await $(parts.auditDamagedHere).waitForDisplayed();
      },
    },
  ];
  return {
    title: 'an audit',
    scenes,
    async enter() {
      const home = await copiedHome(surroundings().home);
      folder = home.folder;
      const running = await startConsole(folder);
      await windowPage.open(running.url, fleetSize);
      return async () => {
        await running.stop();
        await home.remove();
      };
    },
  };
}
