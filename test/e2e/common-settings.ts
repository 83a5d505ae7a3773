import { reporters } from './reporters.ts';

/** What the browser's and the shell's journeys have in common. */
export const commonSettings = {
  runner: 'local',
  // One engine at a time works on the home.
  maxInstances: 1,
  framework: 'mocha',
  mochaOpts: { ui: 'bdd', timeout: 240_000 },
  reporters: reporters(process.env),
  logLevel: 'error',
  waitforTimeout: 30_000,
  waitforInterval: 100,
} satisfies Partial<WebdriverIO.Config>;
