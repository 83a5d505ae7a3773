import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { markProcess, stopProcess } from '@muster/broker-config/processes';

/** A program of ours that a fault may kill at any moment. */
export interface Program {
  readonly pid: number;
  readonly isRunning: boolean;
  /** Resolves when it has gone, however it went. */
  readonly ended: Promise<void>;
  /** For those that were started with a channel. */
  readonly child: ChildProcess;
  signal(name: NodeJS.Signals): void;
  /** Asks it to end, and kills it when it does not. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** With a channel for messages. */
  readonly channel?: boolean;
}

const stopGraceMs = 20_000;

/** Starts a program on the Node that runs us. The kernel kills it when we go, so that nothing survives us. */
export async function startProgram(args: readonly string[], options: ProgramOptions): Promise<Program> {
  const log = await open(options.logFile, 'a', 0o600);
  try {
    // A group of its own: Ctrl-C in the terminal reaches only us, and we stop things in their order.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, ...args], {
      detached: true,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', log.fd, log.fd, ...(options.channel === true ? (['ipc'] as const) : [])],
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    const { pid } = child;
    if (pid === undefined) throw new Error(`${args.join(' ')} has no process number`);
    const mark = markProcess(pid);
    return {
      pid,
      child,
      ended,
      get isRunning() {
        return child.exitCode === null && child.signalCode === null;
      },
      signal: (name) => void child.kill(name),
      async stop() {
        if (mark !== undefined) await stopProcess(mark, stopGraceMs);
      },
    };
  } finally {
    await log.close();
  }
}
