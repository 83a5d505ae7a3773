import { z } from 'zod';
import { requiredText, textOf, type ActionCall } from '../../api/index.ts';
import { localTasks, puppetServerTasks, type Task, type TaskSource } from '../../tasks/index.ts';
import { tasksSettings } from './index.ts';

/** The environment that is asked for. */
export const environmentOf = ({ request }: ActionCall): string => textOf(request.inputs, 'environment') ?? 'production';

/** Where this node looks for tasks, in order. */
export function sourcesOf({ settings, signal }: ActionCall): readonly TaskSource[] {
  const { module_paths: paths, puppet_server: server } = tasksSettings.parse(settings);
  return [localTasks(paths), ...(server === undefined ? [] : [puppetServerTasks(server, signal)])];
}

/** Fails with what a source says when it cannot be asked. */
export async function orFail<T>(call: ActionCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    return call.fail(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

async function findFirst(call: ActionCall, name: string): Promise<Task | undefined> {
  for (const source of sourcesOf(call)) {
    const task = await source.find(name, environmentOf(call));
    if (task !== undefined) return task;
  }
  return undefined;
}

const pinSchema = z.array(z.looseObject({ filename: z.string(), sha256: z.string() }));

/** The task that is asked for, with exactly the files that are asked for, if any are. Fails where there is none. */
export async function findTask(call: ActionCall): Promise<Task> {
  const { inputs } = call.request;
  const name = requiredText(inputs, 'task');
  const task = await orFail(call, () => findFirst(call, name));
  if (task === undefined) return call.fail(`There is no task ${name}`);
  if (inputs['files'] === undefined) return task;
  const pins = pinSchema.safeParse(inputs['files']);
  if (!pins.success) return call.fail('files must have a filename and a sha256 each');
  const wanted = new Map(pins.data.map(({ filename, sha256 }) => [filename, sha256]));
  const odd = task.files.find(({ filename, sha256 }) => wanted.get(filename) !== sha256);
  const missing = pins.data.find(({ filename }) => task.files.every((file) => file.filename !== filename));
  const different = odd?.filename ?? missing?.filename;
  return different === undefined ? task : call.fail(`The file ${different} of ${name} is another one on this node`);
}
