import { setTimeout as pause } from 'node:timers/promises';
import { startProgram, type Program, type ProgramOptions } from './program.ts';

/** A program that is started again whatever ends it, as a service manager would. */
export interface Service {
  readonly pid: number;
  /** How often it was started without having been told to. */
  readonly restarts: number;
  /** Starts it, unless it runs. */
  start(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** kill -9; resolves when it has gone. It stays down until it is started. */
  kill(): Promise<void>;
  /** Asks it to end. It stays down until it is started. */
  stop(): Promise<void>;
}

export interface ServiceHooks {
  readonly onStart?: (program: Program) => void;
  readonly onEnd?: () => void;
}

/** How long a service manager waits before it starts a service again. */
const restartMs = 1000;

/** A service that does not run yet. */
export function createService(args: readonly string[], options: ProgramOptions, hooks: ServiceHooks = {}): Service {
  let program: Program | undefined;
  let isWanted = false;
  let restarts = 0;

  const isStillDown = (one: Program): boolean => program === one && isWanted;

  async function runAgain(): Promise<void> {
    restarts++;
    await run();
  }

  async function run(): Promise<void> {
    const started = await startProgram(args, options);
    program = started;
    hooks.onStart?.(started);
    void started.ended.then(async () => {
      if (program !== started) return;
      hooks.onEnd?.();
      if (!isWanted) return;
      await pause(restartMs);
      // Who killed it meanwhile also starts it.
      if (isStillDown(started)) await runAgain();
    });
  }

  return {
    get pid() {
      return program?.pid ?? 0;
    },
    get restarts() {
      return restarts;
    },
    async start() {
      if (isWanted && program?.isRunning === true) return;
      isWanted = true;
      await run();
    },
    signal: (name) => program?.signal(name),
    async kill() {
      isWanted = false;
      program?.signal('SIGKILL');
      await program?.ended;
    },
    async stop() {
      isWanted = false;
      await program?.stop();
    },
  };
}
