import { readFile } from 'node:fs/promises';
import type { StatusCode } from '@muster/protocol/messages';
import type { ActionCall, AgentModule, ModuleLog } from '../api/index.ts';
import { createRunCommand, startDetached } from '../processes/index.ts';
import { handedOverBytes, type HostTask, type TaskEnd } from './messages.ts';

// What this file imports is loaded for each new process before its first action: types cost nothing, schemas would.

/** Request Aborted. */
const aborted: StatusCode = 1;

/** Thrown by `fail`, so that nothing after it runs. */
class Failure extends Error {
  readonly statusCode: StatusCode;

  constructor(message: string, statusCode: StatusCode) {
    super(message);
    this.statusCode = statusCode;
  }
}

async function loadModule(url: string): Promise<AgentModule> {
  const loaded: unknown = await import(url);
  const module = (loaded as { readonly default?: unknown }).default; // a module is an object
  if (typeof module !== 'object' || module === null || !('actions' in module)) {
    throw new TypeError('The module has no default export with actions');
  }
  return module as AgentModule; // its actions are looked at one by one below
}

async function readFacts(file: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>; // the agent itself wrote it
}

const describe = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** What JSON makes of the outputs; a text that says why when it can make nothing of them. */
function handOver(reply: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | string {
  const odd = (key: string, value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${key} is ${value}`);
    if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
      throw new TypeError(`${key} is a ${typeof value}`);
    }
    return value;
  };
  try {
    const text = JSON.stringify(reply, odd);
    const size = Buffer.byteLength(text);
    if (size > handedOverBytes) return `The result has ${size} bytes; the limit is 1048576`;
    return JSON.parse(text) as Record<string, unknown>; // stringified from one
  } catch (thrown) {
    return `The result is not JSON: ${describe(thrown)}`;
  }
}

/** Carries out a task with the module that it names. Never rejects. */
export async function performTask(task: HostTask, log: ModuleLog, signal: AbortSignal): Promise<TaskEnd> {
  const reply: Record<string, unknown> = Object.create(null) as Record<string, unknown>; // no names but its own
  const call: ActionCall = {
    request: task.request,
    reply,
    fail: (message, statusCode = aborted) => {
      throw new Failure(message, statusCode);
    },
    run: createRunCommand(signal),
    startDetached,
    settings: task.settings,
    stateFolder: task.stateFolder,
    node: { ...task.node, facts: () => readFacts(task.factsFile) },
    log,
    clock: Date.now,
    signal,
  };
  const finish = (failure?: Failure): TaskEnd => {
    const data = handOver(reply);
    if (typeof data === 'string') return { kind: 'threw', message: data };
    return failure === undefined
      ? { kind: 'done', data }
      : { kind: 'failed', message: failure.message, statusCode: failure.statusCode, data };
  };
  try {
    const module = await loadModule(task.module);
    if (task.kind === 'activation') return { kind: 'active', active: (await module.activate?.(call)) ?? true };
    const action = Object.hasOwn(module.actions, task.request.action) ? module.actions[task.request.action] : undefined;
    if (action === undefined) return { kind: 'threw', message: `The module has no action ${task.request.action}` };
    await action(call);
    return finish();
  } catch (thrown) {
    return thrown instanceof Failure ? finish(thrown) : { kind: 'threw', message: describe(thrown) };
  }
}
