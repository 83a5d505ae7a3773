import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@muster/runtime/effects';
import type { startDetached } from './start-detached.ts';

/** What is needed to run a command that must not be cut short: a part of what an action has. */
export interface LastingTools {
  readonly startDetached: typeof startDetached;
  /** Where the command's output and end are written down meanwhile. */
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface LastingOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** How long its end is waited for, in milliseconds. */
  readonly patienceMs: number;
}

export interface LastingResult {
  /** -1 when the program could not be started, 128 and more when a signal ended it, undefined while it still runs. */
  readonly exitCode: number | undefined;
  /** What it has written to standard output and standard error, the last 128 KiB. */
  readonly output: string;
}

/** Runs the program and writes its exit code to the file that is $0. Nothing that a caller gives is part of the text. */
const noteEnd = '"$@"; echo "$?" >"$0"';

const keptBytes = 128 * 1024;
const lookEveryMs = 50;

async function tailOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, keptBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

/** The exit code, once it is written down as a whole line. */
async function endIn(folder: string): Promise<number | undefined> {
  try {
    const [, code] = /^(\d+)\n/.exec(await readFile(join(folder, 'end'), 'utf8')) ?? [];
    return code === undefined ? undefined : Number(code);
  } catch {
    return undefined;
  }
}

/** Removes what earlier commands have left whose end came when nobody waited any more. */
async function tidy(stateFolder: string): Promise<void> {
  for (const entry of await readdir(stateFolder)) {
    const folder = join(stateFolder, entry);
    if (entry.startsWith('lasting-') && (await endIn(folder)) !== undefined) await rm(folder, { recursive: true });
  }
}

/**
 * Runs a program without a shell that nothing cuts short once it has begun: not the end of the action, nor that of the agent,
 * as when the command replaces or restarts the agent itself. Services that it starts keep running and may go on writing. Rejects
 * when the action is aborted; the command goes on.
 */
export async function runLasting(
  tools: LastingTools,
  program: string,
  args: readonly string[],
  { environment, patienceMs }: LastingOptions,
): Promise<LastingResult> {
  const { stateFolder, clock, signal } = tools;
  signal.throwIfAborted();
  await tidy(stateFolder);
  const folder = await mkdtemp(join(stateFolder, 'lasting-'));
  const output = join(folder, 'output');
  const untilMs = clock() + patienceMs;
  const started = await tools.startDetached('/bin/sh', ['-c', noteEnd, join(folder, 'end'), program, ...args], {
    stdoutFile: output,
    stderrFile: output,
    ...(environment === undefined ? {} : { environment }),
  });
  if (!started.ok) {
    await rm(folder, { recursive: true });
    return { exitCode: -1, output: started.error.message };
  }
  for (;;) {
    const exitCode = await endIn(folder);
    if (exitCode !== undefined) {
      const result = { exitCode, output: await tailOf(output) };
      await rm(folder, { recursive: true });
      return result;
    }
    if (clock() >= untilMs) return { exitCode: undefined, output: await tailOf(output) };
    await pause(lookEveryMs, undefined, { signal });
  }
}
