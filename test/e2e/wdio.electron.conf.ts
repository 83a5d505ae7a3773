import { fileURLToPath } from 'node:url';
import { commonSettings } from './common-settings.ts';
import { holdFleet, type HeldFleet } from './held-fleet.ts';
import { fleetSize } from './surroundings.ts';

let fleet: HeldFleet | null = null;

const appEntryPoint = fileURLToPath(new URL('../../electron/dist/shell/main.js', import.meta.url));
// Chromium's own sandbox does not work for root, as in containers.
const rootSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
// The service reads this when it starts the shell, which is after the fleet has a home.
const serviceOptions: { appEntryPoint: string; appArgs: string[] } = { appEntryPoint, appArgs: rootSwitches };

/** The shell itself, where an Electron binary is to be had; `npm run e2e:electron` says so where there is none. */
export const config: WebdriverIO.Config = {
  ...commonSettings,
  specs: ['./electron-specs/**/*.e2e.ts'],
  services: ['electron'],
  capabilities: [{ browserName: 'electron', 'wdio:electronServiceOptions': serviceOptions }],

  async onPrepare() {
    fleet = await holdFleet(fleetSize);
    serviceOptions.appArgs.push(`--home=${fleet.home}`);
  },

  onComplete: () => fleet?.release(),
};
