import type { Engine } from '@muster/client/engine';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** A parameter of a task, as its metadata describes it. */
export interface TaskParameter {
  readonly description: string;
  /** A Puppet data type. */
  readonly type: string;
  readonly required: boolean;
  /** Its value is a secret. */
  readonly sensitive: boolean;
}

/** What nodes say of a task. */
export interface Task {
  readonly description: string;
  /** Null where the metadata names none: then any are taken. */
  readonly parameters: Readonly<Record<string, TaskParameter>> | null;
  /** The files of the task, as the agent wants to have them named again; null when it does not say. */
  readonly files: unknown;
}

/** One description of a task, and the nodes that have this one. */
export interface TaskVariant {
  readonly task: Task;
  readonly nodes: readonly string[];
}

type Data = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function readParameter(value: unknown): TaskParameter {
  const parameter = isRecord(value) ? value : {};
  const type = text(parameter['type']) || 'Any';
  const required = !Object.hasOwn(parameter, 'default') && !type.startsWith('Optional') && type !== 'Any';
  const sensitive = parameter['sensitive'] === true || /\bSensitive\b/.test(type);
  return { description: text(parameter['description']), type, required, sensitive };
}

/** The answer of the action `metadata`: the metadata itself, or below an output of that name. */
export function readTask(data: Data): Task {
  const metadata = isRecord(data['metadata']) ? data['metadata'] : data;
  const { parameters } = metadata;
  return {
    description: text(metadata['description']),
    parameters: isRecord(parameters)
      ? Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, readParameter(value)]))
      : null,
    files: data['files'] ?? metadata['files'] ?? null,
  };
}

/** Names and descriptions of the tasks that the action `metadata` lists: names, objects with a name, or a hash by name. */
export function listedTasks({ tasks }: Data): readonly { readonly name: string; readonly description: string }[] {
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(tasks)
    ? tasks.map((task: unknown) => [isRecord(task) ? text(task['name']) : text(task), task])
    : isRecord(tasks)
      ? Object.entries(tasks)
      : [];
  return entries
    .filter(([name]) => name !== '')
    .map(([name, task]) => ({
      name,
      description: isRecord(task) ? text(task['description']) : text(Array.isArray(tasks) ? '' : task),
    }));
}

/**
 * What nodes say of a task, most frequent first, without a trace in the history.
 *
 * Errors: those of `Engine.ask`; `run.unknown` when no node knows the task.
 */
export async function askForTask(
  engine: Engine,
  name: string,
  nodes: { readonly identities: readonly string[]; readonly collective: string; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<Result<readonly TaskVariant[]>> {
  const variants = new Map<string, { task: Task; nodes: string[] }>();
  let refusal = '';
  const asked = await engine.ask({
    ...nodes,
    agent: 'tasks',
    action: 'metadata',
    inputs: { task: name },
    signal,
    onAnswer: ({ identity, statusCode, statusMessage, data }) => {
      if (statusCode !== 0) {
        refusal = statusMessage;
        return;
      }
      const task = readTask(data);
      const key = JSON.stringify(task);
      const variant = variants.get(key) ?? { task, nodes: [] };
      variant.nodes.push(identity);
      variants.set(key, variant);
    },
  });
  if (!asked.ok) return asked;
  if (variants.size === 0)
    return fail('run.unknown', `No node tells of a task ${name}${refusal === '' ? '' : `: ${refusal}`}`);
  return ok([...variants.values()].sort((a, b) => b.nodes.length - a.nodes.length));
}
