import type { BridgeClient } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';

/** The action of a run as it was described when the run started; of runs from before that was kept, as the fleet has it now. */
export class RunActionState {
  #action = $state.raw<ActionDefinition | null>(null);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient, runId: string) {
    this.#bridge = bridge;
    void this.#load(runId);
  }

  /** Null until it is here, and where nobody knows it. */
  get action(): ActionDefinition | null {
    return this.#action;
  }

  async #load(runId: string): Promise<void> {
    const then = await this.#bridge.call('runs.action', { runId });
    if (!then.ok) return;
    this.#action = then.value.described?.action ?? (await this.#known(runId));
  }

  async #known(runId: string): Promise<ActionDefinition | null> {
    const [run, listed] = await Promise.all([
      this.#bridge.call('runs.get', { runId }),
      this.#bridge.call('actions.list', {}),
    ]);
    if (!run.ok || !listed.ok) return null;
    const agent = listed.value.agents.find(({ ddl }) => ddl.name === run.value.agent);
    return agent?.ddl.actions.find(({ name }) => name === run.value.action) ?? null;
  }
}
