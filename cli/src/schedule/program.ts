import { Option, type Command } from 'commander';
import { add, addEngineFlags, addNodeFlags, fleetGroup } from '../options/flags.ts';
import { addPaceFlags, faultyRunText } from '../options/run-flags.ts';
import { period } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { addSchedule, type AddFlags } from './add.ts';
import { listSchedules, pauseSchedule, removeSchedule, runSchedule, type ScheduleFlags } from './manage.ts';
import { serveSchedules } from './serve.ts';

const nameText = 'name of the schedule, its id, or the first digits of that';

function addAddCommand(schedule: Command, surroundings: Surroundings, finish: Finish): void {
  const command = schedule
    .command('add')
    .description('Have an action run at a time, or by a cron expression.')
    .argument('<name>', 'what it is called')
    .argument('<agent>', 'name of the agent')
    .argument('<action>', 'name of the action')
    .argument('[inputs...]', 'inputs as key=value; key=@FILE takes a file')
    .option('--at <when>', 'once: 18:00, 2d, 90m, 2026-12-24T18:00; up to 30 days ahead')
    .option('--cron <expression>', 'again and again: minute, hour, day, month, day of the week')
    .option('--time-zone <zone>', 'of the cron expression, such as Europe/Berlin (default: that of this machine)')
    .option('--expires <when>', 'nothing runs after that')
    .addOption(
      new Option('--late <period>', 'make up for the last missed time, up to so long after it: 90m').argParser(period),
    )
    .addOption(
      new Option('--overlap <what>', 'while the run before goes on: skip the time, or start beside it')
        .choices(['skip', 'start'])
        .default('skip'),
    )
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (name: string, agent: string, action: string, inputs: string[], flags: AddFlags) =>
      finish(await addSchedule(name, agent, action, inputs, flags, surroundings), (fault) =>
        faultyRunText(flags, fault),
      ),
    );
  addNodeFlags(command);
  addPaceFlags(command);
  add(command, fleetGroup, '-y, --yes', 'do not ask before a change to every node');
  command.addHelpText(
    'after',
    `
Examples:
  muster schedule add nightly puppet runonce --cron "30 2 * * *" --time-zone Europe/Berlin -C role::web --batch 10%
  muster schedule add reboot-check rpcutil ping --at 18:00 --late 1h
`,
  );
}

/** `muster schedule …`. */
export function addScheduleCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const schedule = program
    .command('schedule')
    .description('Have actions run by the clock, while the window or `muster schedule serve` is there.');
  const simple = (name: string, description: string) =>
    schedule.command(name).description(description).option('-j, --json', 'JSON on STDOUT and nothing else');
  const list = simple('list', 'List the schedules, those that run next first.').action(async (flags: ScheduleFlags) =>
    finish(await listSchedules(flags, surroundings)),
  );
  addAddCommand(schedule, surroundings, finish);
  const remove = simple('remove', 'Remove a schedule; runs that go on are left alone.')
    .argument('<name>', nameText)
    .action(async (name: string, flags: ScheduleFlags) => finish(await removeSchedule(name, flags, surroundings)));
  const pause = simple('pause', 'Start nothing by a schedule until it is resumed.')
    .argument('<name>', nameText)
    .action(async (name: string, flags: ScheduleFlags) => finish(await pauseSchedule(name, true, flags, surroundings)));
  const resume = simple('resume', 'Go on by a schedule; what was due meanwhile is not made up for.')
    .argument('<name>', nameText)
    .action(async (name: string, flags: ScheduleFlags) =>
      finish(await pauseSchedule(name, false, flags, surroundings)),
    );
  const run = simple('run', 'Start a run now as the schedule says, and wait for its end: for cron and systemd timers.')
    .argument('<name>', nameText)
    .action(async (name: string, flags: ScheduleFlags) => finish(await runSchedule(name, flags, surroundings)));
  const serve = schedule
    .command('serve')
    .description('Start what is due, until interrupted: for a machine without a window.')
    .action(async (flags: ScheduleFlags) => finish(await serveSchedules(flags, surroundings)));
  for (const command of [list, remove, pause, resume, run, serve]) addEngineFlags(command);
}
