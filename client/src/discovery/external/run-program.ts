import { spawn } from 'node:child_process';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** Largest output, in bytes. */
export const largestOutputBytes = 16 * 1024 * 1024;

/** What is kept of what it says on standard error, in bytes from the end. */
const errorTailBytes = 2000;

export interface ProgramOrder {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** In addition to our own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end and gives its standard output. It has a process group of its own, which is killed as a whole
 * at the time limit, at an interruption, and when it says too much.
 *
 * Errors: `discovery.failed` with what it said on standard error; `run.interrupted`.
 */
export function runProgram(order: ProgramOrder): Promise<Result<string>> {
  const [program, ...args] = order.command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: order.cwd,
      env: { ...process.env, ...order.env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    let outputBytes = 0;
    let errors = Buffer.alloc(0);
    let ending: Result<never> | null = null;

    const said = () => {
      const text = errors
        .toString('utf8')
        .replaceAll(/[^\P{C}\n]/gu, '')
        .trim();
      return text === '' ? '' : `: ${text}`;
    };
    const failed = (message: string, mend: string) =>
      fail('discovery.failed', `${program} ${message}${said()}`, { mend });
    const kill = (why: () => Result<never>) => {
      ending ??= why();
      try {
        // A negative id means the group, which the program leads.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const interrupt = () => kill(() => fail('run.interrupted', `Interrupted while ${program} was looking for nodes`));
    const timer = setTimeout(
      () => kill(() => failed(`took longer than ${order.timeoutMs / 1000} seconds`, 'Give it more time with --dt.')),
      order.timeoutMs,
    );
    const finish = (result: Result<string>) => {
      clearTimeout(timer);
      order.signal?.removeEventListener('abort', interrupt);
      resolve(ending ?? result);
    };

    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes <= largestOutputBytes) output.push(chunk);
      else
        kill(() =>
          failed(`said more than ${largestOutputBytes / 1024 ** 2} MiB`, 'It should print names of nodes only.'),
        );
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = Buffer.concat([errors, chunk]).subarray(-errorTailBytes);
    });
    // It need not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(order.input);
    child.once('error', (error) =>
      finish(
        fail('discovery.failed', `${program} cannot be started: ${error.message}`, { mend: 'Check the command.' }),
      ),
    );
    child.once('close', (code, signal) => {
      if (code === 0) finish(ok(Buffer.concat(output).toString('utf8')));
      else finish(failed(`ended with ${signal ?? `exit code ${code ?? 0}`}`, 'Run it by hand to see what is wrong.'));
    });
    order.signal?.addEventListener('abort', interrupt, { once: true });
    if (order.signal?.aborted === true) interrupt();
  });
}
