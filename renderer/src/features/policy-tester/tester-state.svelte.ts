import type { BridgeClient, EndpointParams, EndpointResult } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

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

/** Asks the engine what a node would decide. */
export class TesterState {
  #verdict = $state.raw<EndpointResult<'policies.check'> | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
  }

  /** Null until a check was answered. */
  get verdict(): EndpointResult<'policies.check'> | null {
    return this.#verdict;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  async check(form: TesterForm): Promise<void> {
    const answer = await this.#bridge.call('policies.check', questionOf(form));
    this.#fault = answer.ok ? null : answer.error;
    this.#verdict = answer.ok ? answer.value : null;
  }
}
