import { Option, type Command } from 'commander';
import { addHomeFlag } from '../options/flags.ts';
import { repeated } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { docFormats, documentPlugin, listPlugins, type PluginDocFlags, type PluginListFlags } from './plugin-doc.ts';
import { importDdl, type ImportFlags } from './plugin-import.ts';
import { lintPlugins, type LintFlags } from './plugin-lint.ts';

const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
const jsonFlag = ['-j, --json', 'JSON on STDOUT and nothing else'] as const;

/** Commands about agents and data plugins. */
export function addPluginCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const plugin = program.command('plugin').description('Agents and data plugins: what the fleet has, and making more.');

  const list = plugin
    .command('list')
    .description('List the agents and data plugins of the fleet, as the inventory knows them.')
    .option(...jsonFlag)
    .action(async (flags: PluginListFlags) => finish(await listPlugins(flags, surroundings)));
  addHomeFlag(list);
  list.addHelpText('after', examples('muster plugin list', 'muster plugin list --json'));

  const doc = plugin
    .command('doc')
    .description('Document a plugin: what it does, its inputs and its outputs.')
    .argument('[name]', 'its name; agent/NAME or data/NAME where both kinds have it')
    .addOption(new Option('--format <format>', 'how to write it').choices(docFormats).default('text'))
    .option('--file <file>', 'a DDL in a file instead: JSON, or Ruby as MCollective has it')
    .option('-j, --json', 'the DDL itself')
    .action(async (name: string | undefined, flags: PluginDocFlags) =>
      finish(await documentPlugin(name, flags, surroundings)),
    );
  addHomeFlag(doc);
  doc.addHelpText(
    'after',
    examples(
      'muster plugin doc rpcutil',
      'muster plugin doc data/fact',
      'muster plugin doc --file parcel.json --format html',
    ),
  );

  plugin
    .command('lint')
    .description('Find what is wrong with DDLs. Exit code 1 when there is anything.')
    .argument('<file...>', 'JSON files')
    .option(...jsonFlag)
    .action(async (files: string[], flags: LintFlags) => finish(await lintPlugins(files, flags, surroundings)))
    .addHelpText('after', examples('muster plugin lint parcel.json', 'muster plugin lint agents/*.json --json'));

  plugin
    .command('import-ddl')
    .description('Make a DDL from one of MCollective (Ruby) or Choria (JSON). Ruby is read, never run.')
    .argument('<file>', 'the DDL: agent/NAME.ddl, data/NAME_data.ddl or NAME.json')
    .option('-o, --output <file>', 'where to write it; STDOUT without')
    .option('--replace', 'write over that file, if it is there')
    .option('--name <name>', 'name of the plugin; that of the file without')
    .addOption(
      new Option('--effect <action=effect>', 'what an action does: read, write or destructive').argParser(repeated),
    )
    .option('-j, --json', 'the DDL and the warnings as JSON on STDOUT')
    .action(async (file: string, flags: ImportFlags) => finish(await importDdl(file, flags, surroundings)))
    .addHelpText(
      'after',
      examples(
        'muster plugin import-ddl agent/service.ddl -o service.json',
        'muster plugin import-ddl service.ddl --effect status=read --effect stop=destructive',
      ),
    );
}
