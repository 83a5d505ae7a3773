import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { homeFolder } from '@muster/client/configuration';
import { openWindowEngine } from '../engine/index.ts';
import { readWindowFiles } from '../window-files/index.ts';
import { startShell } from './start-shell.ts';

// Chromium's own switches are among the arguments, so that unknown ones are let through.
const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { home: { type: 'string' }, 'read-only': { type: 'boolean' } },
  strict: false,
});
const home = typeof values.home === 'string' ? resolve(values.home) : homeFolder(process.env);

const report = (line: string) => process.stderr.write(`${line}\n`);

// Electron becomes ready only after this module has been evaluated: to await it here would wait for ever.
startShell({
  home,
  args: process.argv.slice(1),
  readFiles: readWindowFiles,
  openEngine: (keeper, reports) =>
    openWindowEngine({ home, readOnly: values['read-only'] === true, keeper, reports, report }),
  report,
}).catch((thrown: unknown) => {
  report(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  app.exit(1);
});
