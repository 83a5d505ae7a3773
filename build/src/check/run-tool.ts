import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { markProcess, stopProcess } from '@muster/broker-config/processes';
import { withDescendants } from '@muster/runtime/processes';
import { repositoryRoot } from '../fleet/index.ts';

export interface ToolRun {
  /** Shell-like exit code; 128 and more when a signal ended it. */
  readonly exitCode: number;
  /** File with all that it printed. */
  readonly logFile: string;
}

/** What Node made of our modules, for the hundreds of processes and threads that load the same ones. */
const compileCache = join(repositoryRoot, 'out', 'compile-cache');

/** How long a tool may take to end what it has started, and how long that may take by itself, in milliseconds. */
const graceMs = 10_000;

/** Ends a tool and whatever it has started and left behind: the brokers and agents of tests are in groups of their own. */
async function endTool(pid: number): Promise<void> {
  const [tool, ...started] = withDescendants(pid).flatMap((known) => markProcess(known) ?? []);
  if (tool !== undefined) await stopProcess(tool, graceMs);
  await Promise.all(started.map((mark) => stopProcess(mark, graceMs)));
}

/** Runs a tool in the checkout with what it prints in a file. The signal ends it with all that it has started. */
export async function runTool(
  command: readonly [string, ...string[]],
  options: { readonly logFile: string; readonly signal: AbortSignal; readonly env?: Readonly<Record<string, string>> },
): Promise<ToolRun> {
  const { logFile, signal } = options;
  await mkdir(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const [program, ...args] = command;
  const bin = join(repositoryRoot, 'node_modules', '.bin');
  const child = spawn(program, args, {
    cwd: repositoryRoot,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      NODE_COMPILE_CACHE: compileCache,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let ended: Promise<void> | undefined;
  const end = () => {
    if (child.pid !== undefined) ended ??= endTool(child.pid);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exitCode = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      log.write(`${error.message}\n`);
      if (child.pid === undefined) resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 128));
  });
  signal.removeEventListener('abort', end);
  await ended;
  log.end();
  await finished(log);
  return { exitCode, logFile };
}
