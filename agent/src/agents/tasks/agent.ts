import { join } from 'node:path';
import { requiredText, type ActionCall, type AgentModule } from '../../api/index.ts';
import { readJob, readOutput, waitForJob, type Job } from '../../jobs/index.ts';
import { environmentOf, findTask, orFail, sourcesOf } from './find-task.ts';
import { tasksSettings } from './index.ts';
import { cacheOf, runTask, spoolOf } from './run-task.ts';

/** Most that a reply tells of each output, in bytes. */
const outputBytes = 64 * 1024;

/** The exit code of a task that has none. */
const noExitCode = 127;

async function list(call: ActionCall): Promise<void> {
  const found = new Map<string, { readonly name: string; readonly description: string }>();
  for (const source of sourcesOf(call)) {
    for (const { name, description } of await orFail(call, () => source.list(environmentOf(call)))) {
      if (!found.has(name)) found.set(name, { name, description });
    }
  }
  call.reply['tasks'] = [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function metadata(call: ActionCall): Promise<void> {
  const task = await findTask(call);
  Object.assign(call.reply, {
    task: task.name,
    metadata: task.metadata,
    files: task.files.map(({ filename, sha256, size }) => ({ filename, sha256, size_bytes: size })),
  });
}

async function download(call: ActionCall): Promise<void> {
  const task = await findTask(call);
  const cache = cacheOf(call);
  for (const file of task.files) await orFail(call, () => cache.content(file));
  call.reply['downloads'] = task.files.length;
}

/** Tells how a task fares; gives its exit code once it has one. */
async function tell(call: ActionCall, folder: string, job: Job): Promise<void> {
  const { text: stdout } = await readOutput(folder, 'stdout', 0, outputBytes);
  const { text: stderr } = await readOutput(folder, 'stderr', 0, outputBytes);
  Object.assign(call.reply, {
    task: job.about['task'],
    callerid: job.about['caller'],
    exitcode: job.exitCode ?? noExitCode,
    stdout,
    stderr,
    completed: job.endedAtMs !== undefined,
    runtime: Math.round((job.endedAtMs ?? call.clock()) - job.startedAtMs) / 1000,
    start_time: Math.floor(job.startedAtMs / 1000),
  });
}

async function runNoWait(call: ActionCall): Promise<void> {
  call.reply['task_id'] = await runTask(call);
}

async function runAndWait(call: ActionCall): Promise<void> {
  const { wait } = tasksSettings.parse(call.settings);
  const deadlineMs = call.clock() + 1000 * wait;
  const taskId = await runTask(call);
  call.reply['task_id'] = taskId;
  const folder = join(spoolOf(call), taskId);
  const job = await waitForJob(folder, { deadlineMs, clock: call.clock, signal: call.signal });
  if (job === undefined) return call.fail(`The task ${taskId} is gone`);
  await tell(call, folder, job);
  if (job.state === 'failed') call.fail('Nobody can say how the task ended');
  if (job.exitCode !== undefined && job.exitCode !== 0) call.fail(`The task ended with exit code ${job.exitCode}`);
}

async function taskStatus(call: ActionCall): Promise<void> {
  const taskId = requiredText(call.request.inputs, 'task_id');
  const folder = join(spoolOf(call), taskId);
  const job = await readJob(folder, call.clock());
  if (job === undefined) return call.fail(`There is no task with the ID ${taskId}`);
  await tell(call, folder, job);
}

const tasks: AgentModule = {
  actions: { list, metadata, download, run_and_wait: runAndWait, run_no_wait: runNoWait, task_status: taskStatus },
};
export default tasks;
