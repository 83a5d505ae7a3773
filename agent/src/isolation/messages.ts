import type { StatusCode } from '@muster/protocol/messages';
import type { ActionRequest } from '../api/index.ts';

/** What a host process is told to do. One thing at a time. */
export interface HostTask {
  readonly kind: 'action' | 'activation';
  /** URL of the module. */
  readonly module: string;
  /** For an activation, that of the agent with empty action and inputs. */
  readonly request: ActionRequest;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly stateFolder: string;
  readonly node: { readonly identity: string; readonly version: string; readonly collectives: readonly string[] };
  /** A JSON file with the facts. */
  readonly factsFile: string;
}

/** From the agent to a host process. */
export type ToHost = { readonly type: 'task'; readonly task: HostTask } | { readonly type: 'abort' };

/** How a task ended. */
export type TaskEnd =
  | { readonly kind: 'done'; readonly data: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly statusCode: StatusCode;
      readonly data: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'active'; readonly active: boolean }
  | { readonly kind: 'threw'; readonly message: string };

/** From a host process to the agent. */
export type FromHost =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  /** `rssBytes`: resident memory of the process by then. */
  | { readonly type: 'end'; readonly end: TaskEnd; readonly rssBytes: number };

/** Largest data that a host process hands over, in bytes of JSON; somewhat more than a reply may carry. */
export const handedOverBytes = 2 * 1024 * 1024;
