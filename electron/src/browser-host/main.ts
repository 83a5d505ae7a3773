import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ownFolder } from '@muster/client/configuration';
import { chooseHome, ProfileBook } from '@muster/client/profiles';
import type { Fault } from '@muster/protocol/errors';
import { Fleets, openWindowEngine, startTimer } from '../engine/index.ts';
import { readWindowFiles } from '../window-files/index.ts';
import { startBrowserHost, type BrowserHost } from './browser-host.ts';
import { ReportTickets } from './report-tickets.ts';

const usage = `Usage: muster-console [--home DIR | --profile NAME] [--port P] [--read-only]

Serves the window on 127.0.0.1 and prints {"url":"…"} with a link that is good for one tab.
With --read-only it runs only actions that read.
SIGUSR2 prints a new link, SIGTERM and SIGINT end.
`;

/** Exit codes: 0 ended as asked, 1 could not start, 2 wrong arguments. */
async function main(): Promise<number> {
  const settings = readArguments();
  if (settings === null) return 2;
  if (settings.help) return 0;

  const files = await readWindowFiles();
  if (!files.ok) return complain(files.error);
  const reports = new ReportTickets(randomBytes, startTimer);
  const chosen = await chooseHome({ ...settings, env: process.env });
  if (!chosen.ok) return complain(chosen.error);
  let shown: BrowserHost | null = null;
  const fleets = new Fleets({
    book: new ProfileBook(ownFolder(process.env)),
    firstHome: chosen.value.home,
    openEngine: (home, profiles) =>
      openWindowEngine({
        ...{ home, profiles, reports, readOnly: settings.readOnly },
        report: (line) => process.stderr.write(`${line}\n`),
      }),
    // Only a tab of the host can ask for it.
    show: ({ engine }) => shown?.openSession(engine.dispatcher) ?? null,
  });
  const first = await fleets.open(chosen.value.home);
  if (!first.ok) return complain(first.error);
  const { dispatcher } = first.value.engine;
  const host = await startBrowserHost({
    dispatcher,
    files: files.value,
    reports,
    port: settings.port,
    randomBytes,
    startTimer,
    onStranger: (stranger) => fleets.noteStranger({ ...stranger }),
  });
  if (!host.ok) {
    await fleets.close();
    return complain(host.error);
  }
  shown = host.value;

  const printLink = () => process.stdout.write(`${JSON.stringify({ url: host.value.issueLink() })}\n`);
  process.on('SIGUSR2', printLink);
  const ended = new Promise((end) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
  });
  printLink();
  await ended;
  await host.value.close();
  await fleets.close();
  return 0;
}

interface Settings {
  readonly home?: string;
  readonly profile?: string;
  readonly port: number;
  readonly readOnly: boolean;
  readonly help: boolean;
}

function readArguments(): Settings | null {
  try {
    const options = {
      home: { type: 'string' },
      profile: { type: 'string' },
      port: { type: 'string' },
      'read-only': { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    const { values } = parseArgs({ options });
    const port = Number(values.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port takes a number from 0 to 65535');
    if (values.help) process.stdout.write(usage);
    if (values.home !== undefined && values.profile !== undefined)
      throw new Error('Give --home or --profile, not both');
    return {
      ...(values.home === undefined ? {} : { home: resolve(values.home) }),
      ...(values.profile === undefined ? {} : { profile: values.profile }),
      port,
      readOnly: values['read-only'] ?? false,
      help: values.help ?? false,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return null;
  }
}

function complain(fault: Fault): number {
  process.stderr.write(`${fault.message}${fault.mend === undefined ? '' : `\n${fault.mend}`}\n`);
  return 1;
}

process.exitCode = await main();
