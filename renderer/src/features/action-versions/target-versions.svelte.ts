import type { AgentVersions, BridgeClient, Target } from '@muster/protocol/bridge';

/** Which versions of an agent the nodes of a target have. */
export class TargetVersions {
  #found = $state.raw<AgentVersions | null>(null);
  #agent: string | null = null;
  #asked = '';
  #question = 0;
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
  }

  /** Null until it is known, and while there is nothing to ask for. What was known of another target of the agent stays until then. */
  get found(): AgentVersions | null {
    return this.#found;
  }

  /** Asks for another agent or another target; the same question is not asked again unless the fleet has `news`. */
  async look(agent: string | null, target: Target, { news = false } = {}): Promise<void> {
    const asked = JSON.stringify([agent, target]);
    if (asked === this.#asked && !news) return;
    this.#asked = asked;
    const question = ++this.#question;
    if (agent !== this.#agent) this.#found = null;
    this.#agent = agent;
    if (agent === null) return;
    const answer = await this.#bridge.call('actions.versions', { agent, target });
    if (question === this.#question) this.#found = answer.ok ? answer.value : null;
  }
}
