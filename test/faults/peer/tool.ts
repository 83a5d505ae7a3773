import { spawn } from 'node:child_process';
import { markProcess, stopProcess } from '@muster/broker-config/processes';

/** A program that is not ours, with what it prints kept. */
export interface Tool {
  /** Resolves when it has ended, with its standard output and its exit code; null when a signal ended it. */
  readonly ended: Promise<{ readonly stdout: string; readonly exitCode: number | null }>;
  stop(): Promise<void>;
}

const stopGraceMs = 5000;

/** Starts a program in an environment of nothing but what is given. The kernel kills it when we go. */
export async function startTool(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Tool> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const ended = new Promise<{ stdout: string; exitCode: number | null }>((resolve) =>
    child.once('close', (exitCode) => resolve({ stdout, exitCode })),
  );
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const mark = child.pid === undefined ? undefined : markProcess(child.pid);
  return {
    ended,
    async stop() {
      if (mark !== undefined) await stopProcess(mark, stopGraceMs);
    },
  };
}
