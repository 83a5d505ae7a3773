import { openEngine } from '@muster/client/engine';
import { Guard, homeKeys, type PassphraseKeeper } from '@muster/client/guard';
import { Setup } from '@muster/client/setup';
import { createSetupBridge, createWindowBridge, type ReportHost } from '@muster/client/window';
import type { Dispatcher, LockReason, ProfileHandlers, StartTimer } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { randomBytes } from '@muster/runtime/crypto';

/** The console of a home folder behind the door that windows use. */
export interface WindowEngine {
  readonly dispatcher: Dispatcher;
  /** Refuses all calls but those that unlock it; without effect where the key is not protected. */
  lock(reason: LockReason): void;
  /** Writes down somebody who called and was refused; of many only some, and nothing while the console is locked, for it has no key then. */
  noteStranger(about: Readonly<Record<string, string | null>>): void;
  /** Closes all streams, then the engine: what is in memory is written first. */
  close(): Promise<void>;
}

export interface WindowEngineOptions {
  /** The folder with `console.yaml`. */
  readonly home: string;
  /** Run only actions that read, whatever the configuration says. */
  readonly readOnly: boolean;
  /** Where the passphrase may be kept; nowhere when absent. */
  readonly keeper?: PassphraseKeeper;
  /** The fleets of the person; by default the host keeps none. */
  readonly profiles?: ProfileHandlers;
  /** Where reports go. */
  readonly reports: ReportHost;
  /** Told of each defect behind a call, as one line for the host's log. */
  readonly report: (line: string) => void;
}

/**
 * Opens a console, locked where a person has to open its key; where there is none yet, windows set one up. Faults: those of the configuration
 * and of the database. A broker that is down is no fault: the window shows it.
 */
export async function openWindowEngine(options: WindowEngineOptions): Promise<Result<WindowEngine>> {
  const opened = await openConsole(options);
  return !opened.ok && opened.error.code === 'home.missing' ? ok(await openSetup(options)) : opened;
}

async function openConsole(options: WindowEngineOptions): Promise<Result<WindowEngine>> {
  const { home, readOnly, keeper, reports } = options;
  const opened = await Guard.open({
    keys: homeKeys(home),
    openEngine: (passphrase) => openEngine({ home, readOnly, ...(passphrase === undefined ? {} : { passphrase }) }),
    clock: Date.now,
    startTimer,
    ...(keeper === undefined ? {} : { keeper }),
  });
  if (!opened.ok) return opened;
  const guard = opened.value;
  const dispatcher = createWindowBridge(guard, { ...hosted(options), reports });
  return ok({
    dispatcher,
    lock: (reason) => void guard.lock(reason),
    noteStranger(about) {
      const { engine } = guard;
      if (engine.ok) engine.value.audit.noteSome('rejected', about);
    },
    async close() {
      dispatcher.close();
      await guard.close();
    },
  });
}

/** Calls go to what sets a console up, and to the console from when it is there. */
async function openSetup(options: WindowEngineOptions): Promise<WindowEngine> {
  let console: WindowEngine | null = null;
  const setup = await Setup.open({
    home: options.home,
    clock: Date.now,
    randomBytes,
    path: process.env['PATH'] ?? '',
    async openConsole() {
      const opened = await openConsole(options);
      if (opened.ok) console = opened.value;
      return opened.ok ? ok(undefined) : opened;
    },
  });
  const before = createSetupBridge(setup, hosted(options));
  const opened = (): WindowEngine | null => console;
  const present = (): Dispatcher => opened()?.dispatcher ?? before;
  return {
    dispatcher: {
      dispatch: (name, payload, peer) => present().dispatch(name, payload, peer),
      forget(peer) {
        before.forget(peer);
        opened()?.dispatcher.forget(peer);
      },
      closeRefused: () => present().closeRefused(),
      close() {
        before.close();
        opened()?.dispatcher.close();
      },
    },
    lock: (reason) => opened()?.lock(reason),
    noteStranger: (about) => opened()?.noteStranger(about),
    async close() {
      before.close();
      await setup.close();
      await opened()?.close();
    },
  };
}

/** What every bridge needs of its host. */
const hosted = (options: WindowEngineOptions) => ({
  startTimer,
  onDefect: tellOfDefects(options),
  ...(options.profiles === undefined ? {} : { profiles: options.profiles }),
});

const tellOfDefects =
  ({ report }: WindowEngineOptions) =>
  (name: string, thrown: unknown): void =>
    report(`${name}: ${textOf(thrown)}`);

const textOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);

/** Node's timer, which does not keep a process alive that has nothing else to do. */
export const startTimer: StartTimer = (afterMs, run) => {
  const timer = setTimeout(run, afterMs);
  timer.unref();
  return () => clearTimeout(timer);
};
