import type { BridgeClient, RunOrder, RunSummary } from '@muster/protocol/bridge';
import type { ActionDefinition, AgentDdl } from '@muster/protocol/ddl';
import type { Fault } from '@muster/protocol/errors';
import { failedStates, silentStates } from '../node-state/state-groups.ts';

/** What the page does with nodes, by the names of the agent's actions. */
export type PuppetAct = 'runonce' | 'disable' | 'enable';

/** Something that was done to nodes, as its run goes on. */
export interface PuppetDeed {
  readonly act: PuppetAct;
  readonly runId: string;
  /** Null until the engine has told. */
  readonly run: RunSummary | null;
}

const isFinal = (run: RunSummary | null): boolean => run?.state === 'finished' || run?.state === 'failed';

/** Does things to Puppet on nodes by ordinary runs, and follows the last of them. */
export class PuppetActsState {
  #ddl = $state.raw<AgentDdl | null>(null);
  #hasLooked = $state(false);
  #deed = $state.raw<PuppetDeed | null>(null);
  #isStarting = $state(false);
  #fault = $state.raw<Fault | null>(null);
  #stopFollowing: () => void = () => undefined;
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.load();
  }

  /** What nodes say of the puppet agent; null where none has it, or nothing is known yet. */
  get ddl(): AgentDdl | null {
    return this.#ddl;
  }
  /** Whether the fleet is known not to have the puppet agent. */
  get isMissing(): boolean {
    return this.#hasLooked && this.#ddl === null;
  }
  get deed(): PuppetDeed | null {
    return this.#deed;
  }
  get isDone(): boolean {
    return isFinal(this.#deed?.run ?? null);
  }
  get isStarting(): boolean {
    return this.#isStarting;
  }
  /** Why the last run was not started. */
  get fault(): Fault | null {
    return this.#fault;
  }
  /** How many nodes did it, could not, and have not answered. */
  get outcome(): { readonly ok: number; readonly bad: number; readonly silent: number } {
    const states = this.#deed?.run?.states ?? {};
    const sum = (names: readonly (keyof typeof states)[]) => names.reduce((all, name) => all + (states[name] ?? 0), 0);
    return { ok: sum(['ok']), bad: sum([...failedStates, 'cancelled']), silent: sum(silentStates) };
  }

  async load(): Promise<void> {
    const answer = await this.#bridge.call('actions.list', {});
    if (!answer.ok) return;
    this.#ddl = answer.value.agents.find(({ ddl, nodes }) => ddl.name === 'puppet' && nodes > 0)?.ddl ?? null;
    this.#hasLooked = true;
  }

  action(name: PuppetAct): ActionDefinition | null {
    return this.#ddl?.actions.find((action) => action.name === name) ?? null;
  }

  /** Starts a run; whether that worked, else see {@link fault}. */
  async start(act: PuppetAct, identities: readonly string[], inputs: RunOrder['inputs']): Promise<boolean> {
    if (this.#isStarting) return false;
    this.#isStarting = true;
    const started = await this.#bridge.call('runs.start', {
      agent: 'puppet',
      action: act,
      inputs,
      target: { kind: 'nodes', identities: [...identities] },
    });
    this.#isStarting = false;
    this.#fault = started.ok ? null : started.error;
    if (!started.ok) return false;
    const { runId } = started.value;
    this.#stopFollowing();
    this.#deed = { act, runId, run: null };
    this.#stopFollowing = this.#bridge.follow('runs.changes', { runId }, (run) => (this.#deed = { act, runId, run }));
    return true;
  }

  /** Forgets why nothing was started. */
  forgive(): void {
    this.#fault = null;
  }

  dismiss(): void {
    this.#stopFollowing();
    this.#deed = null;
  }

  dispose(): void {
    this.#stopFollowing();
  }
}
