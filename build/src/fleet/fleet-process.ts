import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { ProcessBook, ProcessMark } from '@muster/broker-config/processes';

/** A program of the fleet that runs by itself until it is stopped. */
export interface FleetProcess {
  readonly pid: number;
  readonly mark: ProcessMark;
  /** Rejects with the end of its log when it ends; never resolves. */
  readonly ended: Promise<never>;
}

/** Starts a program of ours on the Node that runs us, with its output in `logFile`. */
export async function startProcess(book: ProcessBook, args: readonly string[], logFile: string): Promise<FleetProcess> {
  const log = await open(logFile, 'a', 0o600);
  try {
    // A group of its own: Ctrl-C in the terminal reaches only us, and we stop things in their order.
    const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    const ended = new Promise<never>((_resolve, reject) => {
      child.once('exit', (code, signal) => {
        void readFile(logFile, 'utf8').then((text) =>
          reject(
            new Error(
              `${args.join(' ')} ended (${signal ?? code ?? ''}). Its log ${logFile} ends with:\n${text.slice(-2000)}`,
            ),
          ),
        );
      });
    });
    // Whoever waits for it hears of its end; without anybody waiting it is no error.
    ended.catch(() => undefined);
    if (child.pid === undefined) throw new Error(`${args.join(' ')} has no process number`);
    return { pid: child.pid, mark: await book.add(child.pid), ended };
  } finally {
    await log.close();
  }
}
