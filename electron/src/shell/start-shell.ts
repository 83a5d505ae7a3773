import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, powerMonitor } from 'electron';
import type { PassphraseKeeper } from '@muster/client/guard';
import type { ProfileBook } from '@muster/client/profiles';
import type { ReportHost } from '@muster/client/window';
import type { LockReason, ProfileHandlers } from '@muster/protocol/bridge';
import { faultFrom, type Result } from '@muster/protocol/errors';
import { Fleets, type FleetEngine } from '../engine/index.ts';
import type { WindowFiles } from '../window-files/index.ts';
import { setApplicationMenu, takeCommands } from './application-menu.ts';
import { answerCalls } from './calls.ts';
import { linkScheme, targetIn, targetOf, type LinkTarget } from './deep-link.ts';
import { denyPermissions, lockDownPages } from './lock-down.ts';
import { createPassphraseKeeper } from './passphrase-keeper.ts';
import { offerPaths } from './path-choice.ts';
import { createReportPlaces } from './report-places.ts';
import { declareWindowScheme, serveWindow } from './window-scheme.ts';
import { createWindows, type Windows } from './windows.ts';

export interface ShellOptions {
  /** The home whose fleet the first window shows. */
  readonly home: string;
  /** The home in whose data folder is what Chromium keeps; one application at a time has it. */
  readonly dataHome: string;
  /** The fleets of the person. */
  readonly book: ProfileBook;
  /** The arguments of the program, among which desktops put a link that was clicked. */
  readonly args: readonly string[];
  readonly readFiles: () => Promise<Result<WindowFiles>>;
  /** Opens the console of a home. Gets where a passphrase can be kept, where reports go, and what windows ask of other fleets. */
  readonly openEngine: (
    home: string,
    keeper: PassphraseKeeper,
    reports: ReportHost,
    profiles: ProfileHandlers,
  ) => Promise<Result<FleetEngine>>;
  /** Told of what went wrong where nobody can be asked. */
  readonly report: (line: string) => void;
}

/** Runs the application: windows on the fleets of one person. Resolves when the first window is being loaded, or another instance has it. */
export async function startShell(options: ShellOptions): Promise<void> {
  keepDataInHome(options.dataHome);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  declareWindowScheme();
  let windows: Windows | null = null;
  let asked = targetIn(options.args);
  lockDownPages((asking, fragment) => {
    const fleet = windows?.fleetOf(asking) ?? null;
    if (fleet !== null) windows?.open(fleet, fragment);
  });
  app.setAsDefaultProtocolClient(linkScheme);
  app.on('second-instance', (_event, args) => void lead(targetIn(args)));
  // On a Mac links come like this, the one that started the application before it is ready.
  app.on('open-url', (event, link) => {
    event.preventDefault();
    if (windows === null) asked = targetOf(link) ?? asked;
    else void lead(targetOf(link));
  });

  await app.whenReady();
  denyPermissions();
  setApplicationMenu(process.platform);
  const files = await options.readFiles();
  const places = createReportPlaces(() => windows?.front ?? null);
  const fleets = new Fleets({
    book: options.book,
    firstHome: options.home,
    openEngine: async (home, profiles) =>
      options.openEngine(home, await createPassphraseKeeper(keeperFolder(home, options)), places, profiles),
    show(fleet) {
      windows?.showFleet(fleet, null);
      return null;
    },
  });
  const first = files.ok ? await fleets.open(await homeOf(asked, options)) : files;
  if (!files.ok || !first.ok) {
    giveUp(first);
    return;
  }
  closeBeforeQuit(fleets, options.report);
  lockWhenAway((reason) => fleets.lock(reason));
  serveWindow(files.value);
  answerCalls((contents) => windows?.fleetOf(contents)?.engine.dispatcher ?? null);
  takeCommands(process.platform);
  offerPaths();
  windows = createWindows(join(app.getPath('userData'), 'window-state.json'), () => {
    windows = null;
    app.quit();
  });
  windows.open(first.value, asked?.fragment ?? '');

  /** Brings a window forward: that of the fleet which a link names, else the one in front. A fleet that cannot be shown leads nowhere. */
  async function lead(target: LinkTarget | null): Promise<void> {
    const name = target?.profile ?? null;
    const fragment = target?.fragment ?? null;
    if (name === null) {
      windows?.show(fragment);
      return;
    }
    const profile = await options.book.find(name);
    const fleet = profile.ok ? await fleets.open(profile.value.home) : profile;
    if (fleet.ok) windows?.showFleet(fleet.value, fragment);
    else windows?.show(null);
  }
}

/** The home of the fleet that a link names, else the one that the application was started with. */
async function homeOf(target: LinkTarget | null, { book, home }: ShellOptions): Promise<string> {
  const name = target?.profile ?? null;
  if (name === null) return home;
  const profile = await book.find(name);
  return profile.ok ? profile.value.home : home;
}

/** Where the passphrase of a home is kept: with the home. */
const keeperFolder = (home: string, { dataHome }: ShellOptions): string =>
  home === dataHome ? app.getPath('userData') : join(home, 'data', 'window');

/** Locks when the computer sleeps, or its screen is locked. */
function lockWhenAway(lockAll: (reason: LockReason) => void): void {
  const lock = () => lockAll('sleep');
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

/** Holds the end back until the engines have written what they have. */
function closeBeforeQuit(fleets: Fleets, report: (line: string) => void): void {
  let isClosed = false;
  let closing: Promise<void> | null = null;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    closing ??= fleets
      .close()
      .catch((thrown: unknown) => report(`The engine did not close cleanly: ${faultFrom(thrown).message}`))
      .then(() => {
        isClosed = true;
        app.quit();
      });
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => app.quit());
}
