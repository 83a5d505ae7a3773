import type { BridgeClient, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { z } from 'zod';
import { texts } from '../../texts/texts.ts';
import type { Tone } from '../../ui/badge/tone.ts';

const logSchema = z.array(
  z.object({
    level: z.string().catch(''),
    source: z.string().catch(''),
    msg: z.string(),
    time_utc: z.number().nullable().catch(null),
  }),
);

/** One line that Puppet logged. */
export interface LogLine {
  readonly level: string;
  readonly source: string;
  readonly text: string;
  /** By the node's clock; null when it did not tell. */
  readonly atMs: number | null;
}

/** How the level of a line looks. */
export function toneOf(level: string): Tone {
  if (['err', 'error', 'alert', 'emerg', 'crit'].includes(level)) return 'bad';
  if (level === 'warning') return 'warn';
  return level === 'notice' ? 'busy' : 'idle';
}

/** What `puppet last_run_summary` tells of the log; null where it is not in a form that is known. */
export function readLog(logs: unknown): readonly LogLine[] | null {
  const read = logSchema.safeParse(logs);
  if (!read.success) return null;
  return read.data.map(({ level, source, msg, time_utc: seconds }) => ({
    level,
    source: source === 'Puppet' ? '' : source,
    text: msg,
    // 0 is what the agent tells for a line without a time that can be read.
    atMs: seconds === null || seconds === 0 ? null : seconds * 1000,
  }));
}

type ShownFault = Fault | NonNullable<RunSummary['fault']>;

/** The log of the last Puppet run of one node, asked of the node when somebody wants to see it. */
export class LastRunLog {
  #lines = $state.raw<readonly LogLine[] | null>(null);
  #fault = $state.raw<ShownFault | null>(null);
  #problem = $state.raw<string | null>(null);
  #isReading = $state(false);
  #stop: () => void = () => undefined;
  readonly #bridge: BridgeClient;
  readonly #identity: string;

  constructor(bridge: BridgeClient, identity: string) {
    this.#bridge = bridge;
    this.#identity = identity;
  }

  /** Null until it was read. */
  get lines(): readonly LogLine[] | null {
    return this.#lines;
  }
  get fault(): ShownFault | null {
    return this.#fault;
  }
  /** Why the node did not tell its log; null when it did. */
  get problem(): string | null {
    return this.#problem;
  }
  get isReading(): boolean {
    return this.#isReading;
  }

  async read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#fault = null;
    const started = await this.#bridge.call('runs.start', {
      agent: 'puppet',
      action: 'last_run_summary',
      inputs: { logs: true },
      target: { kind: 'nodes', identities: [this.#identity] },
    });
    if (!started.ok) {
      this.#end(started.error);
      return;
    }
    const { runId } = started.value;
    this.#stop = this.#bridge.follow(
      'runs.changes',
      { runId },
      (run) => {
        if (run.state !== 'finished' && run.state !== 'failed') return;
        this.#stop();
        if (run.fault === null) void this.#take(runId);
        else this.#end(run.fault);
      },
      (fault) => this.#end(fault),
    );
  }

  dispose(): void {
    this.#stop();
  }

  async #take(runId: string): Promise<void> {
    const answer = await this.#bridge.call('runs.result', { runId, identity: this.#identity });
    if (!answer.ok) {
      this.#end(answer.error);
      return;
    }
    const { state, statusMessage, data } = answer.value;
    this.#problem = state === 'ok' ? null : statusMessage === '' ? texts.nodeStates[state] : statusMessage;
    this.#lines = state === 'ok' ? readLog(data['logs']) : null;
    if (state === 'ok' && this.#lines === null) this.#problem = texts.puppetNode.strangeLogs;
    this.#end(null);
  }

  #end(fault: ShownFault | null): void {
    this.#fault = fault;
    this.#isReading = false;
  }
}
