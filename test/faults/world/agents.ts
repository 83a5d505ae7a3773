import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { repositoryRoot } from '@muster/build/fleet';
import type { TcpProxy } from '../network/tcp-proxy.ts';
import type { FalseClock } from './false-clock.ts';
import { startProgram, type Program } from './program.ts';
import type { TinyDisk } from './tiny-disk.ts';

/** A process with one agent, or with many emulated ones; whatever ends it, it is started again as a service manager would. */
export interface AgentHost {
  readonly name: string;
  readonly kind: 'process' | 'emulated';
  readonly identities: readonly string[];
  readonly stateFolder: string;
  readonly proxy: TcpProxy;
  readonly clock: FalseClock;
  /** Of hosts whose state lies on a small disk. */
  readonly disk: TinyDisk | null;
  readonly logFile: string;
  readonly pid: number;
  /** How often it was started without having been told to end. */
  readonly restarts: number;
  start(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** kill -9; resolves when it has gone. It stays down until it is started. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface AgentHostParts extends Pick<
  AgentHost,
  'name' | 'kind' | 'identities' | 'stateFolder' | 'proxy' | 'clock' | 'disk' | 'logFile'
> {
  readonly configFiles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const agentEntry = join(repositoryRoot, 'agent', 'dist', 'main.js');
const emulationEntry = join(repositoryRoot, 'build', 'dist', 'emulation', 'main.js');

/** How long a service manager waits before it starts a service again. */
const restartMs = 1000;

export function createAgentHost({ configFiles, env, ...about }: AgentHostParts): AgentHost {
  const args = about.kind === 'process' ? [agentEntry, '--config', ...configFiles] : [emulationEntry, ...configFiles];
  let program: Program | undefined;
  let isWanted = false;
  let restarts = 0;

  const isStillDown = (one: Program): boolean => program === one && isWanted;

  async function runAgain(): Promise<void> {
    restarts++;
    await run();
  }

  async function run(): Promise<void> {
    const started = await startProgram(args, { logFile: about.logFile, env: { ...about.clock.env, ...env } });
    program = started;
    void started.ended.then(async () => {
      if (program !== started || !isWanted) return;
      await pause(restartMs);
      // Who killed it meanwhile also starts it.
      if (isStillDown(started)) await runAgain();
    });
  }

  return {
    ...about,
    get pid() {
      return program?.pid ?? 0;
    },
    get restarts() {
      return restarts;
    },
    async start() {
      if (isWanted && program?.isRunning === true) return;
      isWanted = true;
      await run();
    },
    signal: (name) => program?.signal(name),
    async kill() {
      isWanted = false;
      program?.signal('SIGKILL');
      await program?.ended;
    },
    async stop() {
      isWanted = false;
      await program?.stop();
    },
  };
}
