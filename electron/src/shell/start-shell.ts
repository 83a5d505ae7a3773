import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, powerMonitor } from 'electron';
import type { PassphraseKeeper } from '@muster/client/guard';
import type { ReportHost } from '@muster/client/window';
import { faultFrom, type Result } from '@muster/protocol/errors';
import type { WindowEngine } from '../engine/index.ts';
import type { WindowFiles } from '../window-files/index.ts';
import { setApplicationMenu, takeCommands } from './application-menu.ts';
import { answerCalls } from './calls.ts';
import { fragmentIn, fragmentOf, linkScheme } from './deep-link.ts';
import { denyPermissions, lockDownPages } from './lock-down.ts';
import { createPassphraseKeeper } from './passphrase-keeper.ts';
import { createReportPlaces } from './report-places.ts';
import { declareWindowScheme, serveWindow } from './window-scheme.ts';
import { createWindows, type Windows } from './windows.ts';

/** Strangers cannot call a window of the desktop, so it has none to tell of. */
type ShellEngine = Omit<WindowEngine, 'noteStranger'>;

export interface ShellOptions {
  /** The folder with `console.yaml`. What Chromium keeps goes into its data folder, so one home has one window. */
  readonly home: string;
  /** The arguments of the program, among which desktops put a link that was clicked. */
  readonly args: readonly string[];
  readonly readFiles: () => Promise<Result<WindowFiles>>;
  /** Gets where a passphrase can be kept, and where reports go. */
  readonly openEngine: (keeper: PassphraseKeeper, reports: ReportHost) => Promise<Result<ShellEngine>>;
  /** Told of what went wrong where nobody can be asked. */
  readonly report: (line: string) => void;
}

/** Runs the application: the windows of one home. Resolves when the first window is being loaded, or another instance has it. */
export async function startShell(options: ShellOptions): Promise<void> {
  keepDataInHome(options.home);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  declareWindowScheme();
  let windows: Windows | null = null;
  let asked = fragmentIn(options.args);
  lockDownPages((fragment) => windows?.open(fragment));
  app.setAsDefaultProtocolClient(linkScheme);
  app.on('second-instance', (_event, args) => windows?.show(fragmentIn(args)));
  // On a Mac links come like this, the one that started the application before it is ready.
  app.on('open-url', (event, link) => {
    event.preventDefault();
    if (windows === null) asked = fragmentOf(link) ?? asked;
    else windows.show(fragmentOf(link));
  });

  await app.whenReady();
  denyPermissions();
  setApplicationMenu(process.platform);
  const files = await options.readFiles();
  const places = createReportPlaces(() => windows?.front ?? null);
  const engine = files.ok
    ? await options.openEngine(await createPassphraseKeeper(app.getPath('userData')), places)
    : files;
  if (!files.ok || !engine.ok) {
    giveUp(engine);
    return;
  }
  closeBeforeQuit(engine.value, options.report);
  lockWhenAway(engine.value);
  serveWindow(files.value);
  answerCalls(engine.value.dispatcher);
  takeCommands(process.platform);
  windows = createWindows(join(app.getPath('userData'), 'window-state.json'), engine.value.dispatcher, () => {
    windows = null;
    app.quit();
  });
  windows.open(asked ?? '');
}

/** Locks when the computer sleeps, or its screen is locked. */
function lockWhenAway(engine: ShellEngine): void {
  const lock = () => engine.lock('sleep');
  powerMonitor.on('suspend', lock);
  powerMonitor.on('lock-screen', lock);
}

function keepDataInHome(home: string): void {
  if (!existsSync(home)) return;
  const folder = join(home, 'data', 'window');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  app.setPath('userData', folder);
}

function giveUp(failed: Result<unknown>): void {
  if (failed.ok) return;
  const { error } = failed;
  dialog.showErrorBox(
    'Muster cannot start',
    error.mend === undefined ? error.message : `${error.message}\n\n${error.mend}`,
  );
  app.exit(1);
}

/** Holds the end back until the engine has written what it has. */
function closeBeforeQuit(engine: ShellEngine, report: (line: string) => void): void {
  let isClosed = false;
  let closing: Promise<void> | null = null;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    closing ??= engine
      .close()
      .catch((thrown: unknown) => report(`The engine did not close cleanly: ${faultFrom(thrown).message}`))
      .then(() => {
        isClosed = true;
        app.quit();
      });
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => app.quit());
}
