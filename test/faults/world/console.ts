import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '@muster/build/fleet';
import type { RunOrder } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { FromConsole, ToConsole } from '../load/console-messages.ts';
import type { TcpProxy } from '../network/tcp-proxy.ts';
import type { FalseClock } from './false-clock.ts';
import { startProgram, type Program } from './program.ts';
import { createService, type Service } from './service.ts';
import type { TinyDisk } from './tiny-disk.ts';

type Change = Extract<FromConsole, { kind: 'change' }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** A Muster home with the engine of a window in a process of its own, and command lines beside it. */
export interface Console extends Service {
  readonly name: string;
  readonly home: string;
  readonly person: string;
  readonly proxy: TcpProxy;
  readonly clock: FalseClock;
  readonly disk: TinyDisk | null;
  /** False where the engine shall be alone with its database. */
  readonly takesCommands: boolean;
  readonly isUp: boolean;
  /** Errors: those of the engine, `broker.closed` while it is down. */
  order(order: RunOrder): Promise<Result<string>>;
  steer(kind: 'pause' | 'resume' | 'stop' | 'cancel', runId: string): Promise<Result<string>>;
  /** How many nodes it knows, after it has looked. */
  refresh(): Promise<Result<string>>;
  /** Told of each change of a run that the engine conducts; gives how to stop. */
  onChange(listener: (change: Change) => void): () => void;
  /** `muster ARGS` in a process of its own. */
  command(args: readonly string[]): Promise<Program>;
}

export interface ConsoleParts extends Pick<
  Console,
  'name' | 'home' | 'person' | 'proxy' | 'clock' | 'disk' | 'takesCommands'
> {
  readonly env: Readonly<Record<string, string>>;
}

const engineEntry = fileURLToPath(new URL('../load/console-main.ts', import.meta.url));
const commandEntry = join(repositoryRoot, 'cli', 'bin', 'muster.mjs');
const answerMs = 30_000;

export function createConsole(parts: ConsoleParts): Console {
  const logFile = join(parts.home, 'process.log');
  const waiting = new Map<number, (result: Result<string>) => void>();
  const listeners = new Set<(change: Change) => void>();
  let program: Program | undefined;
  let isUp = false;
  const commands = new Set<Program>();
  let lastId = 0;

  const gone = () => fail('broker.closed', 'The console is not running');

  function hear(message: FromConsole): void {
    if (message.kind === 'ready') isUp = true;
    if (message.kind === 'change') for (const listener of listeners) listener(message);
    if (message.kind !== 'answer') return;
    const { id, value, fault } = message;
    waiting.get(id)?.(fault === undefined ? ok(value ?? '') : { ok: false, error: fault });
  }

  const service = createService(
    [engineEntry, parts.home],
    { logFile, env: { ...parts.clock.env, ...parts.env }, channel: true },
    {
      onStart(started) {
        program = started;
        started.child.on('message', hear);
        started.child.on('error', () => undefined);
      },
      onEnd() {
        isUp = false;
        for (const answer of waiting.values()) answer(gone());
      },
    },
  );

  async function ask(message: WithoutId<ToConsole>): Promise<Result<string>> {
    const { child } = program ?? {};
    if (!isUp || child?.connected !== true) return gone();
    const id = ++lastId;
    const answered = new Promise<Result<string>>((resolve) => waiting.set(id, resolve));
    child.send({ ...message, id }, () => undefined);
    const controller = new AbortController();
    const late = pause(answerMs, undefined, { signal: controller.signal }).then(
      () => fail('internal', `The console did not answer within ${answerMs} ms`),
      gone,
    );
    const result = await Promise.race([answered, late]);
    controller.abort();
    waiting.delete(id);
    return result;
  }

  return {
    ...parts,
    ...service,
    get pid() {
      return service.pid;
    },
    get isUp() {
      return isUp;
    },
    get restarts() {
      return service.restarts;
    },
    async stop() {
      await service.stop();
      await Promise.all([...commands].map((one) => one.stop()));
    },
    order: (order) => ask({ kind: 'start', order }),
    steer: (kind, runId) => ask({ kind, runId }),
    refresh: () => ask({ kind: 'refresh' }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async command(args) {
      const started = await startProgram([commandEntry, ...args, '--home', parts.home], {
        logFile: join(parts.home, 'commands.log'),
        env: { ...parts.clock.env, ...parts.env },
      });
      commands.add(started);
      void started.ended.then(() => commands.delete(started));
      return started;
    },
  };
}
