import type { Engine } from '@muster/client/engine';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { findTargets, type Targets } from '../commands/find-targets.ts';
import { learnAction, runAction, runActionOn } from '../commands/run-action.ts';
import { checkCollective, withEngine } from '../commands/with-engine.ts';
import { readGiven } from '../options/given-inputs.ts';
import { completeInputs } from '../options/inputs.ts';
import { chooseNodes, type NodeChoice } from '../options/node-choice.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { askForTask, type Task, type TaskVariant } from './metadata.ts';
import { apart, readTaskInput } from './task-inputs.ts';
import { taskIdView, taskListView, taskText, taskView } from './views.ts';

export interface TaskRunFlags extends RunFlags {
  readonly input?: string;
  readonly background?: true;
  readonly summary?: true;
  readonly runAs?: string;
}

export interface TaskStatusFlags extends RunFlags {
  readonly summary?: true;
}

/** How long nodes may take to tell of a task, in milliseconds. */
const metadataMs = 10_000;

/** `--summary` prints no answer, only what they come to. */
const summarised = <Flags extends TaskStatusFlags>(flags: Flags): Flags =>
  flags.summary === true && flags.display === undefined ? { ...flags, display: 'none' } : flags;

/** `muster tasks list`: the tasks of the nodes. */
export const listTasks = (flags: RunFlags, surroundings: Surroundings): Promise<Result<number>> =>
  runAction(
    { agent: 'tasks', action: 'list', inputs: (action) => completeInputs(action, {}), view: taskListView },
    flags,
    surroundings,
  );

/** `muster tasks status`: what has become of a task that was started. */
export const taskStatus = (id: string, flags: TaskStatusFlags, surroundings: Surroundings): Promise<Result<number>> =>
  runAction(
    {
      agent: 'tasks',
      action: 'task_status',
      inputs: (action) => completeInputs(action, { task_id: id }),
      view: taskView,
    },
    summarised(flags),
    surroundings,
  );

interface Asked {
  readonly engine: Engine;
  readonly targets: Targets;
  readonly variants: readonly TaskVariant[];
}

/** Finds the nodes, and what they say of a task. */
async function withTask(
  name: string,
  choice: NodeChoice,
  flags: RunFlags,
  surroundings: Surroundings,
  use: (asked: Asked) => Promise<Result<number>>,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const checked = checkCollective(engine, flags.target);
    if (!checked.ok) return checked;
    const collective = checked.value;
    const targets = await findTargets(engine, choice, { collective, flags, surroundings, agent: 'tasks' });
    if (!targets.ok) return targets;
    const { identities } = targets.value;
    if (identities.length === 0) return fail('run.no_targets', 'No request sent, we did not discover any nodes.');
    const nodes = { identities, collective, timeoutMs: flags.timeout ?? metadataMs };
    const variants = await askForTask(engine, name, nodes, surroundings.interrupted);
    return variants.ok ? use({ engine, targets: targets.value, variants: variants.value }) : variants;
  });
}

/** `muster tasks info`: what a task does and takes, as the nodes have it. */
export async function taskInfo(name: string, flags: RunFlags, surroundings: Surroundings): Promise<Result<number>> {
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withTask(name, choice.value, flags, surroundings, ({ variants }) => {
    const { stdout } = surroundings;
    if (flags.json !== true) stdout.write(taskText(name, variants));
    else
      stdout.write(
        `${cleanJson(
          variants.map(({ task: { description, parameters }, nodes }) => ({
            task: name,
            description,
            parameters,
            nodes,
          })),
          1,
        )}\n`,
      );
    return Promise.resolve(ok(exitCodes.ok));
  });
}

/** The text of `--input`: JSON, or that of a file after `@`. */
async function inputText({ input }: TaskRunFlags, surroundings: Surroundings): Promise<Result<string | undefined>> {
  if (input?.startsWith('@') !== true) return ok(input);
  const read = await readGiven([`--input=${input}`], surroundings);
  return read.ok ? ok(read.value[0]?.text) : read;
}

/** Nodes run a task only where all of them have the same one: what was checked on one holds on all. */
function onlyVariant(name: string, { variants, targets }: Asked): Result<Task> {
  const [first, ...others] = variants;
  const telling = variants.reduce((count, { nodes }) => count + nodes.length, 0);
  if (first === undefined || others.length > 0) {
    return fail('usage.invalid', `The nodes have ${variants.length} versions of the task ${name}`, {
      mend: `See muster tasks info ${name}, and choose nodes that have the same.`,
    });
  }
  const silent = targets.identities.filter((identity) => !first.nodes.includes(identity));
  if (silent.length === 0) return ok(first.task);
  return fail('usage.invalid', `${silent.length} of ${telling + silent.length} nodes do not tell of a task ${name}`, {
    mend: `They are: ${silent.slice(0, 10).join(', ')}${silent.length > 10 ? ', …' : ''}. Choose others.`,
  });
}

/** The inputs as far as the action takes them: which files it wants to be told again is up to the agent. */
function runInputs(action: ActionDefinition, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([key, value]) => Object.hasOwn(action.inputs, key) && value !== undefined),
  );
}

/** `muster tasks run`: runs a task, waits for it unless `--background`, and prints what it wrote. */
export async function runTask(
  name: string,
  pairs: readonly string[],
  flags: TaskRunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const given = await readGiven(pairs, surroundings);
  if (!given.ok) return given;
  const json = await inputText(flags, surroundings);
  if (!json.ok) return json;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withTask(name, choice.value, flags, surroundings, async (asked) => {
    const task = onlyVariant(name, asked);
    if (!task.ok) return task;
    const input = readTaskInput(task.value, json.value, given.value);
    if (!input.ok) return input;
    const { engine, targets } = asked;
    const action = flags.background === true ? 'run_no_wait' : 'run_and_wait';
    const definition = await learnAction(engine, 'tasks', action, surroundings.interrupted);
    if (!definition.ok) return definition;
    const { files } = task.value;
    const text = (key: string, value: object) =>
      definition.value.inputs[key]?.type === 'string' ? JSON.stringify(value) : value;
    const { input: plain, sensitive_input: secrets } = apart(task.value, input.value);
    if (secrets !== undefined && !Object.hasOwn(definition.value.inputs, 'sensitive_input'))
      return fail('usage.invalid', 'The agent of these nodes cannot keep the sensitive parameters of a task apart');
    const inputs = runInputs(definition.value, {
      task: name,
      input: text('input', plain),
      sensitive_input: secrets,
      files: typeof files === 'object' && files !== null ? text('files', files) : (files ?? undefined),
      run_as: flags.runAs,
    });
    if (flags.runAs !== undefined && !Object.hasOwn(inputs, 'run_as'))
      return fail('usage.invalid', 'The agent of these nodes cannot run tasks as another user');
    // The same nodes that were asked, and whether all were meant.
    const same: NodeChoice =
      choice.value.kind === 'filter' && choice.value.everything
        ? choice.value
        : { kind: 'nodes', identities: targets.identities };
    return runActionOn(
      engine,
      same,
      {
        agent: 'tasks',
        action,
        inputs: (described) => completeInputs(described, inputs),
        view: flags.background === true ? taskIdView : taskView,
      },
      summarised(flags),
      surroundings,
    );
  });
}
