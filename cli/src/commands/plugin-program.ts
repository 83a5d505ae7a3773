import { Option, type Command } from 'commander';
import { examples } from '../options/examples.ts';
import { addEngineFlags } from '../options/flags.ts';
import { repeated } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { docFormats, documentPlugin, listPlugins, type PluginDocFlags, type PluginListFlags } from './plugin-doc.ts';
import { agentTypes, externalLanguages, generateAgent, type GenerateFlags } from './plugin-generate.ts';
import { importDdl, type ImportFlags } from './plugin-import.ts';
import { lintPlugins, type LintFlags } from './plugin-lint.ts';
import { packageFormats, packagePlugin, type PackageFlags } from './plugin-package.ts';

const jsonFlag = ['-j, --json', 'JSON on STDOUT and nothing else'] as const;

/** Commands about agents and data plugins. */
export function addPluginCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const plugin = program.command('plugin').description('Agents and data plugins: what the fleet has, and making more.');

  const list = plugin
    .command('list')
    .description('List the agents and data plugins of the fleet, as the inventory knows them.')
    .option(...jsonFlag)
    .action(async (flags: PluginListFlags) => finish(await listPlugins(flags, surroundings)));
  addEngineFlags(list);
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
  addEngineFlags(doc);
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

  addMakingCommands(plugin, surroundings, finish);
}

/** Commands with which an agent begins, and with which it gets to nodes. */
function addMakingCommands(plugin: Command, surroundings: Surroundings, finish: Finish): void {
  plugin
    .command('generate')
    .description('Begin something new.')
    .command('agent')
    .description('Begin an agent: a DDL, code, and a test that passes.')
    .argument('<name>', 'its name')
    .addOption(
      new Option('--type <type>', 'a JavaScript module, or a program in any language')
        .choices(agentTypes)
        .default('javascript'),
    )
    .addOption(new Option('--language <language>', 'of an external agent (default: python)').choices(externalLanguages))
    .option('--actions <names>', 'its actions, with commas between them', 'status')
    .option('-o, --output <folder>', 'where to write it; a folder of its name without')
    .option('--description <text>', 'what it is for')
    .option('--author <text>', 'who writes it')
    .option('--license <text>', 'its license')
    .option('--url <url>', 'where to read more')
    .option('--replace', 'write over files that are there')
    .option(...jsonFlag)
    .action(async (name: string, flags: GenerateFlags) => finish(await generateAgent(name, flags, surroundings)))
    .addHelpText(
      'after',
      examples(
        'muster plugin generate agent parcel --actions send,status',
        'muster plugin generate agent disk --type external --language python',
      ),
    );

  plugin
    .command('package')
    .description('Package an agent for nodes.')
    .argument('<folder>', 'folder with NAME.json and NAME.mjs or the program NAME')
    .addOption(
      new Option('--format <format>', 'a Debian package, or an archive').choices(packageFormats).default('deb'),
    )
    .option('--folder <path>', 'plugin folder of the nodes, for a Debian package', '/usr/share/muster/plugins')
    .option('-o, --output <file>', 'where to write it; the name of the package without')
    .option('--replace', 'write over that file, if it is there')
    .option(...jsonFlag)
    .action(async (folder: string, flags: PackageFlags) => finish(await packagePlugin(folder, flags, surroundings)))
    .addHelpText('after', examples('muster plugin package parcel', 'muster plugin package parcel --format tar.gz'));
}
