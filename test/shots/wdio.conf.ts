import { config as journeys } from '../e2e/wdio.conf.ts';

/** The browser and the fleet of the journeys, with pictures taken in place of tests. */
export const config: WebdriverIO.Config = {
  ...journeys,
  specs: ['./shots.e2e.ts'],
  mochaOpts: { ...journeys.mochaOpts, timeout: 600_000 },
};
