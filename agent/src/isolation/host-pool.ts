import type { Logger } from '@muster/runtime/logging';
import { createGate } from '../limits/gate.ts';
import { startHost, type HostDeath, type HostProcess } from './host-process.ts';
import type { HostTask, TaskEnd } from './messages.ts';

/** Processes in which the actions of agents run, each one action at a time, so that none can harm the agent or another. */
export interface HostPool {
  /** Waits for a process, if there are as many as may be, and carries the task out in it. Never rejects. */
  perform(task: HostTask, signal: AbortSignal): Promise<TaskEnd | HostDeath>;
  /** Ends idle processes whose module changed: the next task loads it anew. */
  forget(module: string): Promise<void>;
  /** Ends all processes. */
  close(): Promise<void>;
}

export interface HostPoolOptions {
  readonly logger: Logger;
  /** Processes that run at the same time; default 16. */
  readonly width?: number;
  /** How long an idle process is kept for the next task of its module, in milliseconds; default 20 s. */
  readonly idleMs?: number;
  /** Tasks after which a process is replaced, so that what a module leaks is bounded; default 100. */
  readonly tasksPerHost?: number;
  /** Resident memory beyond which it is replaced, in bytes; default 192 MiB. */
  readonly largestRssBytes?: number;
}

interface Idle {
  readonly host: HostProcess;
  readonly timer: NodeJS.Timeout;
}

export function createHostPool(options: HostPoolOptions): HostPool {
  const { logger, idleMs = 20_000, tasksPerHost = 100, largestRssBytes = 192 * 1024 * 1024 } = options;
  const gate = createGate(options.width ?? 16);
  const idle = new Map<string, Idle[]>();
  const all = new Set<HostProcess>();

  async function retire(host: HostProcess): Promise<void> {
    await host.end();
    all.delete(host);
  }

  function take({ module, request }: HostTask): HostProcess {
    const waiting = idle.get(module) ?? [];
    for (let kept = waiting.pop(); kept !== undefined; kept = waiting.pop()) {
      clearTimeout(kept.timer);
      if (kept.host.isAlive) return kept.host;
      all.delete(kept.host);
    }
    const host = startHost({
      onLog: ({ level, message }) => logger[level]({ event: 'agent.log', agent: request.agent }, message),
    });
    all.add(host);
    return host;
  }

  function giveBack(module: string, host: HostProcess): void {
    if (!host.isAlive || host.tasks >= tasksPerHost || host.rssBytes > largestRssBytes) {
      void retire(host);
      return;
    }
    const kept = idle.get(module) ?? [];
    const timer = setTimeout(() => {
      kept.splice(kept.indexOf(entry), 1);
      void retire(host);
    }, idleMs);
    timer.unref();
    const entry = { host, timer };
    kept.push(entry);
    idle.set(module, kept);
  }

  return {
    perform: (task, signal) =>
      gate.run(async () => {
        const host = take(task);
        const end = await host.perform(task, signal);
        giveBack(task.module, host);
        return end;
      }),
    async forget(module) {
      const kept = idle.get(module) ?? [];
      idle.delete(module);
      for (const { timer } of kept) clearTimeout(timer);
      await Promise.all(kept.map(({ host }) => retire(host)));
    },
    async close() {
      for (const { timer } of [...idle.values()].flat()) clearTimeout(timer);
      idle.clear();
      await Promise.all([...all].map(retire));
    },
  };
}
