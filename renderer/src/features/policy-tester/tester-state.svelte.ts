import type { BridgeClient, EndpointParams, EndpointResult, FleetAgent, NodeDetail } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { identityPattern } from '@muster/protocol/identity';

type Question = EndpointParams<'policies.check'>;

/** What a person fills in; all texts. */
export interface TesterForm {
  /** The policy of the agent, the groups, and the settings: files of a folder. */
  policy: string;
  groups: string;
  settings: string;
  caller: string;
  agent: string;
  action: string;
  /** `key=value`, one a line. */
  inputs: string;
  identity: string;
}

/** Files that were opened, by name, as far as a node would read them for the agent. */
export function fromFiles(agent: string, files: ReadonlyMap<string, string>): Partial<TesterForm> {
  const own = files.get(`${agent}.policy`) ?? files.get('default.policy');
  const [name, only] = [...files].find(([file]) => file.endsWith('.policy')) ?? [];
  const policy = own ?? only;
  const groups = files.get('groups');
  const settings = files.get('settings.json');
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(own === undefined && name !== undefined ? { agent: name.replace(/\.policy$/, '') } : {}),
    ...(groups === undefined ? {} : { groups }),
    ...(settings === undefined ? {} : { settings }),
  };
}

/** The form as a call. A caller is written as nodes see it, or by its name alone. */
export function questionOf({ policy, groups, settings, caller, inputs, ...rest }: TesterForm): Question {
  const agent = rest.agent.trim();
  const lines = inputs.split('\n').filter((line) => line.includes('='));
  return {
    files: {
      ...(policy.trim() === '' ? {} : { [`${agent}.policy`]: policy }),
      ...(groups.trim() === '' ? {} : { groups }),
      ...(settings.trim() === '' ? {} : { 'settings.json': settings }),
    },
    caller: caller.includes('=') ? caller.trim() : `cert=${caller.trim()}`,
    agent,
    action: rest.action.trim(),
    inputs: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)] as const),
    ),
    identity: rest.identity.trim(),
  };
}

/** What was asked, and what a node would decide. */
export interface CheckedPolicy {
  readonly question: Question;
  readonly verdict: EndpointResult<'policies.check'>;
}

/** Asks the engine what a node would decide. */
export class TesterState {
  #checked = $state.raw<CheckedPolicy | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #node = $state.raw<NodeDetail | null>(null);
  #agents = $state.raw<readonly FleetAgent[]>([]);
  readonly #bridge: BridgeClient;
  /** Answers to earlier questions are passed over. */
  #check = 0;
  #look = 0;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.#readAgents();
  }

  /** Null until a check was answered, and since something was changed. */
  get checked(): CheckedPolicy | null {
    return this.#checked;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** What the inventory knows of the node that is named; null when it knows none of this name. */
  get node(): NodeDetail | null {
    return this.#node;
  }
  /** The agents of the fleet, to choose from. */
  get agents(): readonly FleetAgent[] {
    return this.#agents;
  }

  async check(form: TesterForm): Promise<void> {
    const question = questionOf(form);
    const check = ++this.#check;
    const answer = await this.#bridge.call('policies.check', question);
    if (check !== this.#check) return;
    this.#fault = answer.ok ? null : answer.error;
    this.#checked = answer.ok ? { question, verdict: answer.value } : null;
  }

  /** Something else is going to be asked: what was answered is not about it. */
  clear(): void {
    this.#check++;
    this.#checked = null;
    this.#fault = null;
  }

  /** Looks a node up whose name may be typed only in part. */
  async lookAt(identity: string): Promise<void> {
    const look = ++this.#look;
    const name = identity.trim();
    const answer = identityPattern.test(name) ? await this.#bridge.call('fleet.node', { identity: name }) : null;
    if (look === this.#look) this.#node = answer?.ok === true ? answer.value : null;
  }

  async #readAgents(): Promise<void> {
    const answer = await this.#bridge.call('actions.list', {});
    if (answer.ok) this.#agents = answer.value.agents.toSorted((a, b) => a.ddl.name.localeCompare(b.ddl.name));
  }
}
