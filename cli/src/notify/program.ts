import type { Command } from 'commander';
import { addEngineFlags } from '../options/flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { listTargets, testTarget, type NotifyFlags } from './notify.ts';

/** `muster notify …`. */
export function addNotifyCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const notify = program.command('notify').description('Whom this console tells when runs end: webhooks and mail.');
  const list = notify
    .command('list')
    .description('List the targets of console.yaml, and how the last notification to each went.')
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (flags: NotifyFlags) => finish(await listTargets(flags, surroundings)));
  const test = notify
    .command('test')
    .description('Send a test to a target, once, and say what it answered.')
    .argument('<name>', 'name of the target')
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (name: string, flags: NotifyFlags) => finish(await testTarget(name, flags, surroundings)));
  for (const command of [list, test]) addEngineFlags(command);
}
