import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { join } from 'node:path';
import { statusCodes } from '@muster/protocol/messages';
import { numberOf, requiredText, type ActionCall, type AgentModule } from '../../api/index.ts';
import { endJob, listJobs, readJob, readOutput, startJob, sweepJobs, type Job } from '../../jobs/index.ts';
import { commandLine } from './command-line.ts';

/** How long `run` waits by default, in seconds: less than the time limit of the action. */
const runSeconds = 170;

/** Most that a reply tells of each output, in bytes; as JSON, this may become six times as much. */
const outputBytes = 64 * 1024;

const jobsFolder = ({ settings, stateFolder }: ActionCall): string =>
  typeof settings['state_path'] === 'string' ? settings['state_path'] : join(stateFolder, 'jobs');

const sweep = (call: ActionCall): Promise<void> =>
  sweepJobs(jobsFolder(call), 1000 * (numberOf(call.settings, 'keep') ?? 0), call.clock());

async function run(call: ActionCall): Promise<void> {
  const { words, environment } = await commandLine(call);
  const [program, ...args] = words;
  const seconds = numberOf(call.request.inputs, 'timeout') ?? runSeconds;
  if (seconds <= 0) call.fail('timeout must be more than 0', statusCodes.invalidData);
  const result = await call.run(program, args, {
    environment,
    timeoutMs: 1000 * seconds,
    maxOutputBytes: outputBytes,
    // A command may have started a service.
    leftovers: 'keep',
  });
  const { exitCode, signal, stdout, stderr, isCut, timedOut } = result;
  if (exitCode === -1) call.fail(stderr);
  Object.assign(call.reply, {
    stdout,
    stderr,
    success: exitCode === 0 && !timedOut,
    exitcode: exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]),
    timed_out: timedOut,
    truncated: isCut,
  });
}

async function start(call: ActionCall): Promise<void> {
  const { inputs, caller } = call.request;
  const { words, environment, owner } = await commandLine(call);
  await sweep(call);
  const handle = randomUUID();
  const started = await startJob(
    {
      folder: join(jobsFolder(call), handle),
      words,
      environment,
      about: { command: inputs['command'], user: inputs['user'] ?? null, caller },
      ...(owner === undefined ? {} : { owner }),
    },
    call.startDetached,
  );
  if (!started.ok) call.fail(started.error.message);
  call.reply['handle'] = handle;
}

/** The folder of the job that is asked for, and the job. Fails where there is none. */
async function jobOf(call: ActionCall): Promise<{ readonly folder: string; readonly job: Job }> {
  const handle = requiredText(call.request.inputs, 'handle');
  const folder = join(jobsFolder(call), handle);
  const job = (await readJob(folder, call.clock())) ?? call.fail(`There is no job ${handle}`);
  return { folder, job };
}

function offsetOf({ request, fail }: ActionCall, name: string): number {
  const offset = numberOf(request.inputs, name) ?? 0;
  return offset >= 0 ? offset : fail(`${name} must not be negative`, statusCodes.invalidData);
}

async function status(call: ActionCall): Promise<void> {
  const offsets = { stdout: offsetOf(call, 'stdout_offset'), stderr: offsetOf(call, 'stderr_offset') };
  // Its state first: of a job that has ended by then, all output is there to be read.
  const { folder, job } = await jobOf(call);
  const stdout = await readOutput(folder, 'stdout', offsets.stdout, outputBytes);
  const stderr = await readOutput(folder, 'stderr', offsets.stderr, outputBytes);
  Object.assign(call.reply, {
    status: job.state,
    exitcode: job.exitCode ?? null,
    stdout: stdout.text,
    stderr: stderr.text,
    stdout_offset: stdout.next,
    stderr_offset: stderr.next,
    truncated: stdout.isCut || stderr.isCut,
  });
}

async function list(call: ActionCall): Promise<void> {
  await sweep(call);
  const jobs = [...(await listJobs(jobsFolder(call), call.clock()))].map(([id, job]) => [
    id,
    {
      id,
      ...job.about,
      status: job.state,
      exitcode: job.exitCode ?? null,
      start_time: Math.floor(job.startedAtMs / 1000),
    },
  ]);
  call.reply['jobs'] = Object.fromEntries(jobs);
}

async function kill(call: ActionCall): Promise<void> {
  const { folder } = await jobOf(call);
  call.reply['status'] = (await endJob(folder, call.clock))?.state;
}

const shell: AgentModule = { actions: { run, start, status, list, kill } };
export default shell;
