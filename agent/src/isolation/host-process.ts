import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleFile } from '../module-files.ts';
import { commandEnvironment, killTree } from '../processes/index.ts';
import type { FromHost, HostTask, TaskEnd, ToHost } from './messages.ts';

/** How a task ended that its process did not live to tell of. */
export interface HostDeath {
  readonly kind: 'died';
  /** For a person: `was killed by SIGKILL`, `ended with exit code 3`. */
  readonly how: string;
}

/** A process that carries out one task at a time. */
export interface HostProcess {
  /** Resident memory after the last task, in bytes. */
  readonly rssBytes: number;
  readonly tasks: number;
  /** It runs and takes tasks. */
  readonly isAlive: boolean;
  /** Resolves with how the task ended; when the signal is aborted the task's process ends too. Never rejects. */
  perform(task: HostTask, signal: AbortSignal): Promise<TaskEnd | HostDeath>;
  /** Ends the process. Resolves when it has gone. */
  end(): Promise<void>;
}

export interface HostOptions {
  readonly onLog: (line: Extract<FromHost, { type: 'log' }>) => void;
}

/** Most memory of JavaScript objects in one host, in MiB; beyond it the process dies and its action says so. */
const heapMiB = 256;

/** How long an aborted action has to end its commands before it is killed with all it started, in milliseconds. */
const abortGraceMs = 2_500;

const entry = fileURLToPath(moduleFile('isolation/host-main'));

/** Sources are found by a condition of ours when we run from sources. */
const conditions = extname(entry) === '.ts' ? ['--conditions=muster-source'] : [];

const describeDeath = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was killed by ${signal}`;

function start(): ChildProcess {
  const child = fork(entry, [], {
    execArgv: [`--max-old-space-size=${heapMiB}`, '--no-warnings', ...conditions],
    env: commandEnvironment(),
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.on('error', () => undefined);
  return child;
}

/** Starts a host process. */
export function startHost({ onLog }: HostOptions): HostProcess {
  const child = start();
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(describeDeath(code, signal));
    });
  });
  let isAlive = true;
  let isEnding = false;
  let rssBytes = 0;
  let tasks = 0;
  let onEnd: ((end: TaskEnd) => void) | undefined;
  void gone.then(() => (isAlive = false));
  for (const [stream, level] of [
    [child.stdout, 'info'],
    [child.stderr, 'warn'],
  ] as const) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      onLog({ type: 'log', level, message: text.slice(0, 4096) });
    });
  }
  child.on('message', (message: FromHost) => {
    if (message.type === 'log') onLog(message);
    if (message.type !== 'end') return;
    rssBytes = message.rssBytes;
    onEnd?.(message.end);
  });

  const send = (message: ToHost): void => {
    if (child.connected) child.send(message, () => undefined);
  };

  /** An idle host keeps nobody from ending; one that is at work or about to end does. */
  function hold(held: boolean): void {
    const verb = held ? 'ref' : 'unref';
    child[verb]();
    child.channel?.[verb]();
  }
  hold(false);

  async function end(): Promise<void> {
    isEnding = true;
    hold(true);
    if (child.pid !== undefined && isAlive) killTree(child.pid);
    await gone;
  }

  return {
    get rssBytes() {
      return rssBytes;
    },
    get tasks() {
      return tasks;
    },
    get isAlive() {
      return isAlive && !isEnding;
    },
    async perform(task, signal) {
      tasks++;
      hold(true);
      const ended = new Promise<TaskEnd>((resolve) => (onEnd = resolve));
      let killer: NodeJS.Timeout | undefined;
      const onAbort = (): void => {
        isEnding = true;
        send({ type: 'abort' });
        killer = setTimeout(() => void end(), abortGraceMs);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      send({ type: 'task', task });
      try {
        const outcome = await Promise.race([ended, gone.then((how): HostDeath => ({ kind: 'died', how }))]);
        if (isEnding) await end();
        return outcome;
      } finally {
        clearTimeout(killer);
        signal.removeEventListener('abort', onAbort);
        onEnd = undefined;
        hold(false);
      }
    },
    end,
  };
}
