import { reporters } from './reporters.ts';

// WebdriverIO has every process below it read TypeScript with tsx: agents, consoles and commands would take five times their time to start, and
// not run as they do elsewhere. Node reads it by itself.
process.env['NODE_OPTIONS'] = '';

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
