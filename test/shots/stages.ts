import { $ } from '@wdio/globals';
import { fleetSize, surroundings } from '../e2e/surroundings.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import { askFleet } from '../support/fleet-control.ts';
import { answerScenes } from './answer-scenes.ts';
import { auditStage } from './audit-stage.ts';
import { commandScenes } from './command-scenes.ts';
import { fleetsStage } from './fleets-stage.ts';
import { germanStage } from './german-stage.ts';
import { healthScenes } from './health-scenes.ts';
import { scheduleScenes } from './schedule-scenes.ts';
import { softwareScenes } from './software-scenes.ts';
import { historyScenes } from './history-scenes.ts';
import { joinsStage } from './joins-stage.ts';
import { lockedStage } from './locked-stage.ts';
import { nodeScenes } from './node-scenes.ts';
import { puppetScenes } from './puppet-scenes.ts';
import type { Stage } from './scene.ts';
import { scenes } from './scenes.ts';
import { securityScenes } from './security-scenes.ts';
import { setupStage } from './setup-stage.ts';

const nothingToLeave = (): Promise<void> => Promise.resolve();

/** All there is to take pictures of, in the order of the taking. The link is of a console on the fleet that runs. */
export const stages = (link: () => string): readonly Stage[] => [
  {
    title: 'a console at work',
    scenes: [
      ...scenes,
      ...answerScenes,
      ...historyScenes,
      ...nodeScenes,
      ...puppetScenes,
      ...softwareScenes,
      ...scheduleScenes,
      ...healthScenes,
      ...securityScenes,
      ...commandScenes,
    ],
    async enter() {
      await windowPage.open(link(), fleetSize);
      return nothingToLeave;
    },
  },
  germanStage(link),
  auditStage(),
  joinsStage(),
  lockedStage(),
  fleetsStage(),
  setupStage(),
  {
    title: 'a console without its broker',
    scenes: [
      { name: 'broker-down', show: () => windowPage.connectionBecomes('down', 15_000) },
      { name: 'health-broker-down', after: 'broker-down', show: () => windowPage.goTo('health') },
    ],
    async enter() {
      await windowPage.open(link(), fleetSize);
      await askFleet(surroundings().fleetSocket, 'stop-broker');
      return () => askFleet(surroundings().fleetSocket, 'start-broker');
    },
  },
  {
    title: 'a link that was used',
    scenes: [
      {
        name: 'link-used',
        async show() {
          await $(parts.stranger).waitForDisplayed();
        },
      },
    ],
    async enter() {
      await windowPage.open(link(), fleetSize);
      await windowPage.openInAnotherTab(link());
      return nothingToLeave;
    },
  },
];
