import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { eventually } from '../eventually.ts';

const main = fileURLToPath(new URL('../../../agent/bin/muster-agent.mjs', import.meta.url));
const readyWithinMs = 90_000;

/** A node's agent as a process of its own. */
export interface AgentProcess {
  /** What it has logged so far. */
  readonly log: () => string;
  readonly hasEnded: () => boolean;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/** Starts the built agent on a configuration, and waits until it takes requests. Rejects with its log when it ends before. */
export async function startAgentProcess(configFile: string): Promise<AgentProcess> {
  const child = spawn(process.execPath, [main, '--config', configFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
  const agent: AgentProcess = {
    log: () => log,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async kill() {
      if (agent.hasEnded()) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
  try {
    await eventually(() => expect(agent.hasEnded() || log.includes('"event":"ready"')).toBe(true), readyWithinMs);
    if (agent.hasEnded()) throw new Error(`The agent has ended: ${log}`);
  } catch (complaint) {
    await agent.kill();
    throw complaint;
  }
  return agent;
}
