import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../fleet/index.ts';

/** Runs the command line on a home, with its output on ours; resolves to its exit code. Ended early by the signal. */
export function runMuster(home: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repositoryRoot, 'cli', 'dist', 'main.js'), ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, MUSTER_HOME: home },
      signal,
    });
    child.once('error', (error) => {
      if (signal.aborted) resolve(1);
      else reject(error);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}
