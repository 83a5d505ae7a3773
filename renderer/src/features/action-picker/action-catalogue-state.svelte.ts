import type { BridgeClient, FleetAgent } from '@muster/protocol/bridge';
import type { ActionDefinition, AgentDdl } from '@muster/protocol/ddl';
import type { Fault } from '@muster/protocol/errors';

/** An action of an agent that some nodes have. */
export interface FleetAction {
  readonly agent: AgentDdl;
  readonly action: ActionDefinition;
  readonly nodes: number;
}

/** What the fleet can do. */
export class ActionCatalogueState {
  #agents = $state.raw<readonly FleetAgent[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.load();
  }

  /** By name; null until the first answer. */
  get agents(): readonly FleetAgent[] | null {
    return this.#agents;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  async load(): Promise<void> {
    const answer = await this.#bridge.call('actions.list', {});
    if (answer.ok) this.#agents = answer.value.agents.toSorted((a, b) => a.ddl.name.localeCompare(b.ddl.name));
    this.#fault = answer.ok ? null : answer.error;
  }

  find(agentName: string | null, actionName: string | null): FleetAction | null {
    const agent = this.#agents?.find(({ ddl }) => ddl.name === agentName);
    const action = agent?.ddl.actions.find(({ name }) => name === actionName);
    return agent === undefined || action === undefined ? null : { agent: agent.ddl, action, nodes: agent.nodes };
  }
}
