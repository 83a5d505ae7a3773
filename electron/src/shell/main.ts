import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { ownFolder } from '@muster/client/configuration';
import { chooseHome, ProfileBook } from '@muster/client/profiles';
import { openWindowEngine } from '../engine/index.ts';
import { readWindowFiles } from '../window-files/index.ts';
import { startShell } from './start-shell.ts';

// Chromium's own switches are among the arguments, so that unknown ones are let through.
const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { home: { type: 'string' }, profile: { type: 'string' }, 'read-only': { type: 'boolean' } },
  strict: false,
});
const own = ownFolder(process.env);

const report = (line: string) => process.stderr.write(`${line}\n`);

const giveUp = (thrown: unknown) => {
  report(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  app.exit(1);
};

// Before Electron is ready, for which it waits until this module has been evaluated.
const chosen = await chooseHome({
  ...(typeof values.home === 'string' ? { home: resolve(values.home) } : {}),
  ...(typeof values.profile === 'string' ? { profile: values.profile } : {}),
  env: process.env,
});
if (chosen.ok) {
  const { home, profile } = chosen.value;
  // To await it here would wait for ever.
  startShell({
    home,
    // All fleets that have names are of one application.
    dataHome: profile === null ? home : own,
    book: new ProfileBook(own),
    args: process.argv.slice(1),
    readFiles: readWindowFiles,
    openEngine: (of, keeper, reports, profiles) =>
      openWindowEngine({
        ...{ home: of, keeper, reports, profiles, report },
        readOnly: values['read-only'] === true,
      }),
    report,
  }).catch(giveUp);
} else giveUp([chosen.error.message, chosen.error.mend].filter(Boolean).join('\n'));
