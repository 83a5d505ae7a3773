import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { homeFolder } from '@muster/client/configuration';
import type { Fault } from '@muster/protocol/errors';
import { openWindowEngine, startTimer } from '../engine/index.ts';
import { readWindowFiles } from '../window-files/index.ts';
import { startBrowserHost } from './browser-host.ts';
import { ReportTickets } from './report-tickets.ts';

const usage = `Usage: muster-console [--home DIR] [--port P] [--read-only]

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
  const engine = await openWindowEngine({
    ...settings,
    reports,
    report: (line) => process.stderr.write(`${line}\n`),
  });
  if (!engine.ok) return complain(engine.error);
  const { dispatcher } = engine.value;
  const host = await startBrowserHost({
    dispatcher,
    files: files.value,
    reports,
    port: settings.port,
    randomBytes,
    startTimer,
    onStranger: (stranger) => engine.value.noteStranger({ ...stranger }),
  });
  if (!host.ok) {
    await engine.value.close();
    return complain(host.error);
  }

  const printLink = () => process.stdout.write(`${JSON.stringify({ url: host.value.issueLink() })}\n`);
  process.on('SIGUSR2', printLink);
  const ended = new Promise((end) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
  });
  printLink();
  await ended;
  await host.value.close();
  await engine.value.close();
  return 0;
}

function readArguments(): { home: string; port: number; readOnly: boolean; help: boolean } | null {
  try {
    const options = {
      home: { type: 'string' },
      port: { type: 'string' },
      'read-only': { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    const { values } = parseArgs({ options });
    const port = Number(values.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port takes a number from 0 to 65535');
    if (values.help) process.stdout.write(usage);
    const home = values.home === undefined ? homeFolder(process.env) : resolve(values.home);
    return { home, port, readOnly: values['read-only'] ?? false, help: values.help ?? false };
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
