import type { Engine } from '@muster/client/engine';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { findTargets } from '../commands/find-targets.ts';
import { runAction, runActionOn, type ActionOrder } from '../commands/run-action.ts';
import { checkCollective, withEngine } from '../commands/with-engine.ts';
import { completeInputs } from '../options/inputs.ts';
import { chooseNodes } from '../options/node-choice.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { lineView } from '../output/answer-view.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { locateJobs, type Job } from './jobs.ts';
import { tailJobs } from './tail.ts';
import { handleView, jobsView, killedView, outputView } from './views.ts';

export interface CommandFlags extends RunFlags {
  readonly user?: string;
}

export interface ShellRunFlags extends CommandFlags {
  readonly tail?: true;
  /** Milliseconds. */
  readonly killAfter?: number;
}

/** How long nodes may take to list their jobs, in milliseconds. */
const listMs = 10_000;

const order = (action: string, inputs: Readonly<Record<string, unknown>>): ActionOrder => ({
  agent: 'shell',
  action,
  inputs: (definition) => completeInputs(definition, inputs),
});

/** What goes badly with lines that are printed as they come. */
const otherForm = (flags: RunFlags): string | undefined => {
  const form = (['json', 'jsonl', 'detach'] as const).find((name) => flags[name] === true);
  return form === undefined ? undefined : `--${form}`;
};

/** One input, as ssh makes one of its words; the shell that reads it is the node's. */
const commandOf = (words: readonly string[], { user }: CommandFlags) => ({
  command: words.join(' '),
  ...(user === undefined ? {} : { user }),
});

async function tail(
  engine: Engine,
  jobs: readonly Job[],
  collective: string,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const ends = await tailJobs(engine, jobs, collective, surroundings);
  if (!ends.ok) return ends;
  if (surroundings.interrupted.aborted && ends.value.length < jobs.length) {
    const handles = [...new Set(jobs.map(({ handle }) => handle))];
    return fail('run.interrupted', 'Interrupted: the commands go on on their nodes', {
      mend: `Look again: muster shell watch ${handles.slice(0, 5).join(' ')}${handles.length > 5 ? ' …' : ''}`,
    });
  }
  const good = ends.value.every((end) => end.kind === 'ended' && end.exitCode === 0);
  return ok(good ? exitCodes.ok : exitCodes.failed);
}

/** `muster shell run`: runs a command and prints what it wrote; with `--tail` while it writes. */
export async function shellRun(
  words: readonly string[],
  flags: ShellRunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { killAfter } = flags;
  const inputs = commandOf(words, flags);
  if (flags.tail !== true) {
    const timeout = killAfter === undefined ? {} : { timeout: killAfter / 1000 };
    return runAction({ ...order('run', { ...inputs, ...timeout }), view: outputView }, flags, surroundings);
  }
  const form = otherForm(flags);
  if (form !== undefined) return fail('usage.invalid', `--tail prints lines as they come, and ${form} does not`);
  if (killAfter !== undefined) return fail('usage.invalid', '--kill-after does not go with --tail');
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const jobs: Job[] = [];
    const started = await runActionOn(
      engine,
      choice.value,
      {
        ...order('start', inputs),
        view: lineView(() => null),
        onAnswer: ({ identity, statusCode, data: { handle } }) => {
          if (statusCode === 0 && typeof handle === 'string') jobs.push({ identity, handle });
        },
      },
      flags,
      surroundings,
    );
    if (!started.ok || jobs.length === 0) return started;
    const tailed = await tail(engine, jobs, collective.value, surroundings);
    return tailed.ok && started.value !== exitCodes.ok ? started : tailed;
  });
}

/** `muster shell start`: starts a command, and prints the handle of each node. */
export const shellStart = (
  words: readonly string[],
  flags: CommandFlags,
  surroundings: Surroundings,
): Promise<Result<number>> =>
  runAction({ ...order('start', commandOf(words, flags)), view: handleView }, flags, surroundings);

/** `muster shell list`: the jobs of the nodes. */
export const shellList = (flags: RunFlags, surroundings: Surroundings): Promise<Result<number>> => {
  const { verbose, ...rest } = flags;
  return runAction({ ...order('list', {}), view: jobsView(verbose === true) }, rest, surroundings);
};

/** Finds jobs by their handles, and lends the engine for them. Errors: `run.unknown` when no node has one of them. */
async function withJobs(
  handles: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
  use: (engine: Engine, jobs: readonly Job[], collective: string) => Promise<Result<number>>,
): Promise<Result<number>> {
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const { value: name } = collective;
    const targets = await findTargets(engine, choice.value, { collective: name, flags, surroundings, agent: 'shell' });
    if (!targets.ok) return targets;
    const { identities } = targets.value;
    const nodes = { identities, collective: name, timeoutMs: flags.timeout ?? listMs };
    const jobs = await locateJobs(engine, nodes, handles, surroundings.interrupted);
    if (!jobs.ok) return jobs;
    const missing = handles.filter((handle) => !jobs.value.some((job) => job.handle === handle));
    if (missing.length > 0)
      return fail('run.unknown', `None of ${identities.length} nodes has the job ${missing.join(', ')}`, {
        mend: 'See muster shell list.',
      });
    return use(engine, jobs.value, name);
  });
}

/** `muster shell watch`: follows jobs until they have ended. */
export function shellWatch(
  handles: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const form = otherForm(flags);
  if (form !== undefined)
    return Promise.resolve(fail('usage.invalid', `watch prints lines as they come, and ${form} does not`));
  return withJobs(handles, flags, surroundings, (engine, jobs, collective) =>
    tail(engine, jobs, collective, surroundings),
  );
}

/** `muster shell status` and `muster shell kill`: of one job, on the node that has it. */
export const shellJob = (
  action: 'status' | 'kill',
  handle: string,
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> =>
  withJobs([handle], flags, surroundings, (engine, jobs) => {
    const identities = jobs.map(({ identity }) => identity);
    const view = action === 'status' ? outputView : killedView;
    return runActionOn(
      engine,
      { kind: 'nodes', identities },
      { ...order(action, { handle }), view },
      flags,
      surroundings,
    );
  });
