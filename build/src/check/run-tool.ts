import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { repositoryRoot } from '../fleet/index.ts';

export interface ToolRun {
  /** Shell-like exit code; 128 and more when a signal ended it. */
  readonly exitCode: number;
  /** File with all that it printed. */
  readonly logFile: string;
}

/** What Node made of our modules, for the hundreds of processes and threads that load the same ones. */
const compileCache = join(repositoryRoot, 'out', 'compile-cache');

/** Runs a tool in the checkout with what it prints in a file. The signal ends it. */
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
    signal,
    killSignal: 'SIGTERM',
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exitCode = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      log.write(`${error.message}\n`);
      if (child.pid === undefined) resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 128));
  });
  log.end();
  await finished(log);
  return { exitCode, logFile };
}
