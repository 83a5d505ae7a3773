import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { commandEnvironment } from './environment.ts';
import { findProgram } from './find-program.ts';

export interface DetachedOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Text for its standard input; none by default. No file holds it that others could read, or that stays. */
  readonly input?: string;
  /** Who may open that input once more, as programs do that read `/dev/stdin`. Default: `user`. */
  readonly inputOwner?: { readonly uid: number; readonly gid: number };
  /** Files that its output is added to; it is dropped when absent. */
  readonly stdoutFile?: string;
  readonly stderrFile?: string;
}

/** Tells its process number on descriptor 3 and becomes the program. Nothing that a caller gives is part of the text. */
const becomeProgram = 'echo "$$" >&3; exec 3>&-; exec "$@"';

const outputTo = (file: string | undefined): number | 'ignore' =>
  file === undefined ? 'ignore' : openSync(file, 'a', 0o600);

/** A file without a name: unlike a pipe it holds any input until the program reads it, whether we still run or not. */
function inputFrom({ input, user, inputOwner: owner = user }: DetachedOptions): number | 'ignore' {
  if (input === undefined) return 'ignore';
  const folder = mkdtempSync(join(tmpdir(), 'muster-input-'));
  try {
    const file = join(folder, 'input');
    writeFileSync(file, input, { mode: 0o600 });
    if (owner !== undefined) chownSync(file, owner.uid, owner.gid);
    return openSync(file, 'r');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Starts a program in a session of its own that goes on when the action, its process and the agent have ended: its parent
 * is init. Gives its process number, which is that of its process group too. Nobody collects its exit status: a program
 * whose end matters writes it down.
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
    const path = await findProgram(program);
    if (path === undefined) return fail('internal', `${program} cannot be started: there is no such program`);
    opened.push(inputFrom(options));
    opened.push(outputTo(stdoutFile));
    opened.push(outputTo(stderrFile));
    const child = spawn('setsid', ['--fork', '/bin/sh', '-c', becomeProgram, 'sh', path, ...args], {
      cwd,
      env: commandEnvironment(environment),
      stdio: [...opened, 'pipe'],
      ...user,
    });
    await once(child, 'spawn');
    const pid = Number(await text(child.stdio[3] as Readable)); // the pipe asked for above
    return pid > 0 ? ok(pid) : fail('internal', `${program} cannot be started: setsid gave it no process`);
  } catch (thrown) {
    return fail('internal', `${program} cannot be started: ${faultFrom(thrown).message}`);
  } finally {
    for (const file of opened) if (file !== 'ignore') closeSync(file);
  }
}
