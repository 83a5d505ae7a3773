import { join } from 'node:path';
import { commandAs } from '../../accounts/index.ts';
import { hashOf, textOf, type ActionCall } from '../../api/index.ts';
import { startJob, sweepJobs } from '../../jobs/index.ts';
import { findProgram } from '../../processes/index.ts';
import {
  checkParameters,
  chooseFile,
  createFileCache,
  installTask,
  type Choice,
  type FileCache,
  type InputMethod,
} from '../../tasks/index.ts';
import { findTask, orFail } from './find-task.ts';
import { tasksSettings } from './index.ts';

/** The folder of all tasks that were run, by their IDs. */
export const spoolOf = ({ stateFolder }: ActionCall): string => join(stateFolder, 'spool');

export const cacheOf = ({ stateFolder, clock }: ActionCall): FileCache =>
  createFileCache(join(stateFolder, 'cache'), clock);

/** What implementations of tasks may require of a node. */
async function features(): Promise<ReadonlySet<string>> {
  const hasPuppet = (await findProgram('puppet')) !== undefined;
  return new Set(['shell', ...(hasPuppet ? ['puppet-agent'] : [])]);
}

type Values = Readonly<Record<string, unknown>>;

/** Parameters as a task finds them in its environment. */
const environmentOf = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `PT_${name}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const methodOf = ({ request }: ActionCall): InputMethod | undefined =>
  (['environment', 'stdin', 'both', 'powershell'] as const).find((name) => name === request.inputs['input_method']);

/** Parameters in the way that the task wants them. */
function handedOver({ method }: Choice, values: Values): { environment: Record<string, string>; input?: string } {
  return {
    environment: method === 'stdin' ? {} : environmentOf(values),
    ...(method === 'environment' ? {} : { input: JSON.stringify(values) }),
  };
}

/** Starts the task that is asked for. Gives its ID. Fails, and leaves nothing, where it cannot. */
export async function runTask(call: ActionCall): Promise<string> {
  const { inputs, requestId, caller } = call.request;
  const { keep, work_folder: workFolder } = tasksSettings.parse(call.settings);
  const task = await findTask(call);
  const choice = chooseFile(task, methodOf(call), await features());
  if (!choice.ok) return call.fail(choice.error.message);
  const values = checkParameters(task.metadata, hashOf(inputs, 'input') ?? {}, hashOf(inputs, 'sensitive_input') ?? {});
  if (!values.ok) return call.fail(values.error.message);
  const cache = cacheOf(call);
  await sweepJobs(spoolOf(call), 1000 * keep, call.clock());
  await cache.sweep(1000 * keep);

  const user = textOf(inputs, 'run_as');
  const become = await commandAs(call.run, user, ['true']);
  if (!become.ok) return call.fail(become.error.message);
  const owner = become.value.owner === undefined ? {} : { owner: become.value.owner };
  const installed = await orFail(call, () => installTask(task.name, choice.value, { cache, workFolder, ...owner }));
  const command = await commandAs(call.run, user, [installed.program]);
  if (!command.ok) return call.fail(command.error.message);
  const given = handedOver(choice.value, { ...values.value, _task: task.name, _installdir: installed.folder });
  const started = await startJob(
    {
      folder: join(spoolOf(call), requestId),
      words: command.value.words,
      cwd: installed.folder,
      ...given,
      environment: { ...command.value.environment, ...given.environment },
      about: { task: task.name, caller, run_as: user ?? null },
      leftover: installed.folder,
      ...owner,
    },
    call.startDetached,
  );
  return started.ok ? requestId : call.fail(started.error.message);
}
