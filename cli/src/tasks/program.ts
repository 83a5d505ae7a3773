import type { Command } from 'commander';
import { examples } from '../options/examples.ts';
import { addActionFlags, faultyRunText, type RunFlags } from '../options/run-flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { listTasks, runTask, taskInfo, taskStatus, type TaskRunFlags, type TaskStatusFlags } from './tasks.ts';

/** `muster tasks`: Puppet tasks on nodes. */
export function addTaskCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const tasks = program.command('tasks').description('Run Puppet tasks, and tell which there are.');
  const done = (flags: RunFlags) => (outcome: Parameters<Finish>[0]) =>
    finish(outcome, (fault) => faultyRunText(flags, fault));

  const list = tasks
    .command('list')
    .description('List the tasks that nodes have.')
    .action(async (flags: RunFlags) => done(flags)(await listTasks(flags, surroundings)));
  addActionFlags(list);
  list.addHelpText('after', examples('muster tasks list --limit 5'));

  const info = tasks
    .command('info')
    .description('Tell what a task does and what it takes.')
    .argument('<task>', 'name of the task, such as package::upgrade')
    .action(async (task: string, flags: RunFlags) => done(flags)(await taskInfo(task, flags, surroundings)));
  addActionFlags(info);
  info.addHelpText('after', examples('muster tasks info service -I web1'));

  const run = tasks
    .command('run')
    .description('Run a task, on nodes that all have the same one.')
    .argument('<task>', 'name of the task')
    .argument('[inputs...]', 'parameters of the task, as key=value; key=@FILE takes a file')
    .option('--input <json>', 'parameters as a JSON object; @FILE for one in a file')
    .option('--background', 'do not wait for its end, and print the id to ask for it with')
    .option('--summary', 'no answers, only what they come to')
    .option('--run-as <user>', 'as which user it runs')
    .action(async (task: string, inputs: string[], flags: TaskRunFlags) =>
      done(flags)(await runTask(task, inputs, flags, surroundings)),
    );
  addActionFlags(run);
  run.addHelpText(
    'after',
    examples(
      'muster tasks run service name=nginx action=restart -C role::web --batch 10%',
      'muster tasks run backup --input @in.json --background',
    ),
  );

  const status = tasks
    .command('status')
    .description('Tell what has become of a task that was started.')
    .argument('<id>', 'id of the task')
    .option('--summary', 'no answers, only what they come to')
    .action(async (id: string, flags: TaskStatusFlags) => done(flags)(await taskStatus(id, flags, surroundings)));
  addActionFlags(status);
  status.addHelpText('after', examples('muster tasks status 4f0c51c3d0bd4a5c8d7c9d0a2a7d4e11 --summary'));
}
