import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { markProcess, stopProcess } from '@muster/broker-config/processes';
import { z } from 'zod';
import { repositoryRoot } from '../fleet/index.ts';

/** A console that was opened. */
export interface OpenedConsole {
  /** Ends what belongs to it. */
  close(): Promise<void>;
}

const graceMs = 10_000;
const linkSchema = z.object({ url: z.url() });
const browserNames = ['chromium', 'chromium-browser', 'google-chrome'];
// Chromium's own sandbox does not work for root, as in containers; the demo is for looking at made-up servers.
const rootSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** The Electron binary, where npm or the person has downloaded one. */
export function electronBinary(root: string = repositoryRoot): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

function findBrowser(path: string): string | undefined {
  const candidates = path.split(delimiter).flatMap((folder) => browserNames.map((name) => join(folder, name)));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function end(child: ChildProcess): Promise<void> {
  const mark = child.pid === undefined ? undefined : markProcess(child.pid);
  if (mark !== undefined) await stopProcess(mark, graceMs);
}

/** The browser host on a home. */
interface Host {
  readonly process: ChildProcess;
  /** A link that is good for one tab. */
  nextLink(): Promise<string>;
}

async function startHost(home: string): Promise<Host> {
  const entry = join(repositoryRoot, 'electron', 'dist', 'browser-host', 'main.js');
  const child = spawn(process.execPath, [entry, '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLink = async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error('The browser host ended before it printed its link');
    return linkSchema.parse(JSON.parse(line.value)).url;
  };
  const first = await nextLink();
  let isFirst = true;
  return {
    process: child,
    nextLink() {
      if (isFirst) {
        isFirst = false;
        return Promise.resolve(first);
      }
      child.kill('SIGUSR2');
      return nextLink();
    },
  };
}

/**
 * Opens the console of a home with the best that the machine has: Electron, else Chromium as a window of its own, both
 * with a display; else it serves the window and says where.
 */
export async function openConsole(
  home: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<OpenedConsole> {
  const hasDisplay = [env['DISPLAY'], env['WAYLAND_DISPLAY']].some(Boolean);
  const electron = electronBinary();
  if (hasDisplay && electron !== undefined) {
    const shell = join(repositoryRoot, 'electron', 'dist', 'shell', 'main.js');
    const window = spawn(electron, [...rootSwitches, shell, '--home', home], {
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    window.once('error', (error) => say(`Electron did not start: ${error.message}`));
    window.once('exit', () => say('\nThe window is closed.'));
    say('\nThe console is open in Electron.');
    return { close: () => end(window) };
  }
  const host = await startHost(home);
  const url = await host.nextLink();
  const browser = hasDisplay ? findBrowser(env['PATH'] ?? '') : undefined;
  if (browser === undefined) {
    say(`\nThe console: ${url}`);
    return { close: () => end(host.process) };
  }
  const switches = [
    `--app=${url}`,
    `--user-data-dir=${join(home, 'browser')}`,
    '--no-first-run',
    '--no-default-browser-check',
  ];
  const window = spawn(browser, [...switches, ...rootSwitches], { stdio: 'ignore', detached: true });
  let closing = false;
  const offerLink = () => {
    if (closing) return;
    host.nextLink().then(
      (link) => say(`\nThe window is closed. The console is still there: ${link}`),
      (error: unknown) => say(String(error)),
    );
  };
  window.once('error', offerLink).once('exit', offerLink);
  say('\nThe console is open in Chromium.');
  return {
    async close() {
      closing = true;
      await end(window);
      await end(host.process);
    },
  };
}
