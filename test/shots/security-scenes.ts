import { $ } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

export const securityScenes: readonly Scene[] = [
  {
    name: 'security-keys',
    async show() {
      await windowPage.goTo('security');
      await $(parts.certificate).waitForDisplayed();
    },
  },
];
