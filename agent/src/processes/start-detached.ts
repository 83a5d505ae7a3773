import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { commandEnvironment } from './environment.ts';

export interface DetachedOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Files that its output is added to; it is dropped when absent. */
  readonly stdoutFile?: string;
  readonly stderrFile?: string;
}

const outputTo = (file: string | undefined): number | 'ignore' =>
  file === undefined ? 'ignore' : openSync(file, 'a', 0o600);

/**
 * Starts a program in a session of its own that goes on when the action, its process and the agent have ended. Gives
 * its process number. Nobody collects its exit status: a program whose end matters writes it down.
 *
 * Errors: `internal` when it cannot be started, with the reason.
 */
export async function startDetached(
  program: string,
  args: readonly string[],
  options: DetachedOptions = {},
): Promise<Result<number>> {
  const { cwd = '/', environment, user, stdoutFile, stderrFile } = options;
  const opened: (number | 'ignore')[] = [];
  try {
    opened.push(outputTo(stdoutFile));
    opened.push(outputTo(stderrFile));
    const child = spawn(program, [...args], {
      cwd,
      env: commandEnvironment(environment),
      detached: true,
      stdio: ['ignore', ...opened],
      ...user,
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return child.pid === undefined ? fail('internal', `${program} has no process number`) : ok(child.pid);
  } catch (thrown) {
    return fail('internal', `${program} cannot be started: ${faultFrom(thrown).message}`);
  } finally {
    for (const file of opened) if (file !== 'ignore') closeSync(file);
  }
}
