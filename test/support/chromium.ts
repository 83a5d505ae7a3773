/** The system's own browser: nothing is downloaded for a test. */
export const chromiumBinary = '/usr/bin/chromium';
export const chromedriverBinary = '/usr/bin/chromedriver';

/** Chromium without a display, on a profile of its own, that talks to nobody but the page's host. */
export const chromiumSwitches = (profileFolder: string): string[] => [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
  // The window follows the language of the system, and tests read English.
  '--accept-lang=en',
  // Names that a stranger points at this machine, as DNS rebinding does.
  '--host-resolver-rules=MAP rebound.example 127.0.0.1',
  `--user-data-dir=${profileFolder}`,
];
