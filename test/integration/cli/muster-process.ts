import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../../cli/bin/muster.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  readonly out: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
}

function run(home: string, command: string, args: readonly string[]): Running {
  const child = spawn(command, args, {
    env: { ...process.env, MUSTER_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { ended, out: () => out, signal: (name) => void child.kill(name) };
}

/** Starts the built `muster`, with `/dev/null` as its STDIN. */
export const start = (home: string, args: readonly string[]): Running => run(home, process.execPath, [entry, ...args]);

export const muster = (home: string, ...args: readonly string[]): Promise<Ended> => start(home, args).ended;

/** Runs a line of shell in which `muster` is the built program: for what only real pipes show. */
export function shell(home: string, line: string): Promise<Ended> {
  return run(home, 'bash', ['-c', `muster() { "${process.execPath}" "${entry}" "$@"; }; ${line}`]).ended;
}
