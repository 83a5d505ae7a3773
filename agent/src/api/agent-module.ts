import type { StatusCode } from '@muster/protocol/messages';
import type { CommandOptions, CommandResult, DetachedOptions, RunCommand } from '../processes/index.ts';
import type { Result } from '@muster/protocol/errors';

/** What an action is asked. Inputs fit the DDL; none is there that the DDL does not name. */
export interface ActionRequest {
  readonly requestId: string;
  /** `cert=NAME` of the person. */
  readonly caller: string;
  readonly collective: string;
  readonly agent: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The node that an action works on. */
export interface NodeAbout {
  readonly identity: string;
  /** Version of Muster. */
  readonly version: string;
  readonly collectives: readonly string[];
  /** All facts, as they are when the action begins. */
  facts(): Promise<Readonly<Record<string, unknown>>>;
}

/** Lines in the agent's log, with the agent's name and the request beside them. Never write inputs that are secret. */
export interface ModuleLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** All that an action has to work with. */
export interface ActionCall {
  readonly request: ActionRequest;
  /** The outputs: JSON values by name. Defaults of the DDL are filled in for what is not set. They travel with a failure too. */
  readonly reply: Record<string, unknown>;
  /** Ends the action with a failure and its reason. Default status: 1, Request Aborted. Nothing after it runs. */
  readonly fail: (message: string, statusCode?: StatusCode) => never;
  /** Runs a program without a shell; it ends when the action does. */
  readonly run: RunCommand;
  /** Starts a program that outlives the action and the agent. */
  readonly startDetached: (
    program: string,
    args: readonly string[],
    options?: DetachedOptions,
  ) => Promise<Result<number>>;
  /** The agent's own settings: `plugin.d/NAME.yaml`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A folder for what the agent must remember, for its owner alone. It exists. */
  readonly stateFolder: string;
  readonly node: NodeAbout;
  readonly log: ModuleLog;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Aborted when the time limit is over or the agent stops; soon after, the action's process is killed. */
  readonly signal: AbortSignal;
}

/** Carries out one action by setting `call.reply`. What it throws becomes an answer with status 5. */
export type ModuleAction = (call: ActionCall) => void | Promise<void>;

/** What an agent may look at when it decides whether it is of use on this node. */
export type ActivationCall = Pick<ActionCall, 'run' | 'settings' | 'node' | 'signal'>;

/** The default export of an agent's module. Its description, the DDL, lies beside it as JSON. */
export interface AgentModule {
  /** Exactly the actions of the DDL, by name. */
  readonly actions: Readonly<Record<string, ModuleAction>>;
  /** Whether the node gets the agent at all; within 5 s. Default: yes. What it throws means no. */
  readonly activate?: (call: ActivationCall) => boolean | Promise<boolean>;
}

export type { CommandOptions, CommandResult, DetachedOptions, RunCommand };
