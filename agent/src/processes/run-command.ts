import { spawn, type ChildProcess } from 'node:child_process';
import { commandEnvironment } from './environment.ts';
import { BoundedOutput } from './bounded-output.ts';
import { signalGroup } from './process-tree.ts';

export interface CommandOptions {
  /** Text for its standard input; none by default. */
  readonly input?: string;
  /** Default: `/`. */
  readonly cwd?: string;
  /** Beside `PATH`, `HOME` and `LC_ALL=C`; nothing else of the agent's own environment is handed on. */
  readonly environment?: Readonly<Record<string, string>>;
  /** After so many milliseconds the command is told to end. Default: none but the action's own limit. */
  readonly timeoutMs?: number;
  /** Most that is kept of standard output, and of standard error, in bytes. Default: 512 KiB. */
  readonly maxOutputBytes?: number;
  /** Run as another user; needs root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /**
   * What becomes of processes that the command has left in its group when it ends: `kill` (default), or `keep` for
   * commands that start services.
   */
  readonly leftovers?: 'kill' | 'keep';
}

export interface CommandResult {
  /** -1 when the program could not be started, null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Where the program could not be started, why. */
  readonly stderr: string;
  /** Output was longer than what is kept. */
  readonly isCut: boolean;
  readonly timedOut: boolean;
}

/**
 * Runs a program with arguments, without a shell. Gives its result however it ends; rejects only when the action itself
 * was aborted.
 */
export type RunCommand = (
  program: string,
  args?: readonly string[],
  options?: CommandOptions,
) => Promise<CommandResult>;

const defaultOutputBytes = 512 * 1024;

/** How long a command has to end once it is told to, in milliseconds: MCollective's 2 s. */
const killAfterMs = 2_000;

/** How long output is awaited that processes left behind may still hold open, in milliseconds. */
const drainMs = 200;

/** Tells the whole group to end, and kills it when it does not. Gives back the timer. */
function endGroup(group: number): NodeJS.Timeout {
  signalGroup(group, 'SIGTERM');
  // A stopped process hears nothing until it goes on.
  signalGroup(group, 'SIGCONT');
  return setTimeout(() => {
    signalGroup(group, 'SIGKILL');
  }, killAfterMs);
}

function waitForEnd(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const done = (): void => {
        clearTimeout(timer);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal });
      };
      const timer = setTimeout(done, drainMs);
      child.once('close', done);
    });
  });
}

/** {@link RunCommand} whose commands end when the signal is aborted. */
export function createRunCommand(signal: AbortSignal): RunCommand {
  return async (program, args = [], options = {}) => {
    signal.throwIfAborted();
    const { input, cwd = '/', environment, timeoutMs, user, leftovers = 'kill' } = options;
    const stdout = new BoundedOutput(options.maxOutputBytes ?? defaultOutputBytes);
    const stderr = new BoundedOutput(options.maxOutputBytes ?? defaultOutputBytes);
    const child = spawn(program, [...args], {
      cwd,
      env: commandEnvironment(environment),
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...user,
    });
    const { pid } = child;
    if (pid === undefined) {
      const reason = await new Promise<Error>((resolve) => child.once('error', resolve));
      const text = `${program} cannot be started: ${reason.message}`;
      return { exitCode: -1, signal: null, stdout: '', stderr: text, isCut: false, timedOut: false };
    }
    child.on('error', () => undefined);
    // A program that does not read its input closes it early.
    child.stdin?.on('error', () => undefined).end(input);
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout.add(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr.add(chunk);
    });
    let timedOut = false;
    let killer: NodeJS.Timeout | undefined;
    const end = (): void => {
      killer ??= endGroup(pid);
    };
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            end();
          }, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    try {
      const ended = await waitForEnd(child);
      if (leftovers === 'kill' || killer !== undefined) signalGroup(pid, 'SIGKILL');
      signal.throwIfAborted();
      return {
        exitCode: ended.code,
        signal: ended.signal,
        stdout: stdout.text(),
        stderr: stderr.text(),
        isCut: stdout.isCut || stderr.isCut,
        timedOut,
      };
    } finally {
      clearTimeout(timer);
      clearTimeout(killer);
      signal.removeEventListener('abort', end);
    }
  };
}
