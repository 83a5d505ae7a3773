import { openEngine } from '@muster/client/engine';
import { createWindowBridge } from '@muster/client/window';
import type { Dispatcher, StartTimer } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';

/** The engine of a home folder behind the door that windows use. */
export interface WindowEngine {
  readonly dispatcher: Dispatcher;
  /** Closes all streams, then the engine: what is in memory is written first. */
  close(): Promise<void>;
}

export interface WindowEngineOptions {
  /** The folder with `console.yaml`. */
  readonly home: string;
  /** Told of each defect behind a call, as one line for the host's log. */
  readonly report: (line: string) => void;
}

/** Faults: those of the configuration and of the database. A broker that is down is no fault: the window shows it. */
export async function openWindowEngine(options: WindowEngineOptions): Promise<Result<WindowEngine>> {
  const opened = await openEngine({ home: options.home });
  if (!opened.ok) return opened;
  const engine = opened.value;
  const dispatcher = createWindowBridge(engine, {
    startTimer,
    onDefect: (name, thrown) => options.report(`${name}: ${textOf(thrown)}`),
  });
  return ok({
    dispatcher,
    async close() {
      dispatcher.close();
      await engine.close();
    },
  });
}

const textOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);

/** Node's timer, which does not keep a process alive that has nothing else to do. */
export const startTimer: StartTimer = (afterMs, run) => {
  const timer = setTimeout(run, afterMs);
  timer.unref();
  return () => clearTimeout(timer);
};
