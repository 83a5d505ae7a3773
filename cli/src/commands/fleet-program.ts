import { Option, type Command } from 'commander';
import { reportFormats } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import {
  addEngineFlags,
  addFleetFlags,
  addNamedFlags,
  addNodeFlags,
  addOutputFlags,
  addProgressFlag,
  addSelectionFlags,
  addSortFlag,
  type NodeFlags,
  type SelectionFlags,
} from '../options/flags.ts';
import { examples } from '../options/examples.ts';
import { addReportFlags } from '../options/report-flags.ts';
import { addActionFlags, addNoResultsFlag, faultyRunText, type RunFlags } from '../options/run-flags.ts';
import { faultyText } from '../options/selection.ts';
import { graphForms } from '../output/collective-graph.ts';
import type { Finish } from '../program.ts';
import { pastMoment } from '../options/past-moment.ts';
import type { Surroundings } from '../surroundings.ts';
import { facts, type FactsFlags } from './facts.ts';
import { find } from './find.ts';
import { health, listedAspects, type HealthFlags } from './health.ts';
import { inventory, type InventoryFlags } from './inventory.ts';
import { usualColumns } from './inventory-report.ts';
import { ping, type PingFlags } from './ping.ts';
import { rpc } from './rpc.ts';

const inventoryFormats = reportFormats.filter((format) => format !== 'evidence');

const about = (flags: SelectionFlags) => (fault: Fault) => faultyText(flags, fault);

/** Commands that ask the fleet. */
export function addFleetCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const pingCommand = program
    .command('ping')
    .description('Ask who is there, and how long each node takes to say so.')
    .option('-g, --graph', 'how many answers came when, one bar for each 50 ms')
    .action(async (flags: PingFlags) => finish(await ping(flags, surroundings), about(flags)));
  addSelectionFlags(pingCommand);
  addNamedFlags(pingCommand);
  addFleetFlags(pingCommand);
  addOutputFlags(pingCommand);
  pingCommand.addHelpText('after', examples('muster ping', 'muster ping -F virtual=false --graph'));

  const findCommand = program
    .command('find')
    .description('Print the names of the nodes that match, one a line.')
    .action(async (flags: NodeFlags) => finish(await find(flags, surroundings), about(flags)));
  addNodeFlags(findCommand);
  addOutputFlags(findCommand);
  addSortFlag(findCommand);
  findCommand.addHelpText(
    'after',
    examples('muster find', 'muster find -I "web[01-20]" --json', `muster find -S "os.family=Debian and not role::db"`),
  );

  const rpcCommand = program
    .command('rpc')
    .description('Run an action of an agent on nodes, all at the same time, and print the answers.')
    .argument('<agent>', 'agent, such as rpcutil')
    .argument('<action>', 'action of the agent, such as ping')
    .argument(
      '[inputs...]',
      'inputs of the action, as key=value; arrays and hashes as JSON; key=@FILE takes a file, key=@- STDIN',
    )
    .action(async (agent: string, action: string, inputs: string[], flags: RunFlags) =>
      finish(await rpc(agent, action, inputs, flags, surroundings), (fault) => faultyRunText(flags, fault)),
    );
  addActionFlags(rpcCommand);
  addNoResultsFlag(rpcCommand);
  rpcCommand.addHelpText(
    'after',
    examples(
      'muster rpc rpcutil ping',
      'muster rpc rpcutil get_fact fact=os.family -C role::web --display all',
      'muster rpc rpcutil ping --json | muster rpc rpcutil inventory',
      'muster rpc rpcutil daemon_stats --nodes nodes.txt --table',
      'muster rpc service status service=ssh --filter-replies "not data.status=running" --senders',
    ),
  );

  const factsCommand = program
    .command('facts')
    .description('Report the values of a fact and how often each occurs.')
    .argument('<fact>', 'name of the fact, or a dotted path into a structured one')
    .option('--table', 'as a table')
    .action(async (fact: string, flags: FactsFlags) => finish(await facts(fact, flags, surroundings), about(flags)));
  addNodeFlags(factsCommand);
  addProgressFlag(factsCommand);
  addOutputFlags(factsCommand);
  factsCommand.addHelpText(
    'after',
    examples('muster facts os.family', 'muster facts kernelrelease -v', 'muster facts virtual --json'),
  );

  const healthCommand = program
    .command('health')
    .description(
      'How fleet and console do: silent nodes, clocks, versions, certificates, refusals. Exit code 1 when something needs a look.',
    )
    .option('--refresh', 'look for the fleet first')
    .option('--nodes <aspect>', `list nodes instead: ${listedAspects.join(', ')}, version=V`)
    .action(async (flags: HealthFlags) => finish(await health(flags, surroundings)));
  addEngineFlags(healthCommand);
  healthCommand.option('-j, --json', 'JSON on STDOUT and nothing else');
  healthCommand.addHelpText(
    'after',
    examples('muster health --refresh', 'muster health --nodes silent', 'muster health --nodes version=0.1.0 --json'),
  );

  const inventoryCommand = program
    .command('inventory')
    .description('Ask one node for all that it says of itself; without a node, list those that this console has met.')
    .argument('[node]', 'name of the node')
    .option('--list-collectives', 'ask every node for its collectives and count them')
    .addOption(
      new Option(
        '--collective-graph <form>',
        'ask every node for its collectives and draw them, for Graphviz or Mermaid',
      ).choices(graphForms),
    )
    .addOption(
      new Option('--compare <node>', 'where another node differs from it, as the inventory knows both').conflicts(
        'changes',
      ),
    )
    .option('--changes', 'what became of its facts, as far as that is kept, newest first')
    .addOption(
      new Option('--since <time>', 'with --changes: what differs from how it was then').argParser((text: string) =>
        pastMoment(text, surroundings.now()),
      ),
    )
    .option('--refresh', 'read the inventory anew from the fleet before it is listed')
    .addOption(new Option('--report', 'a report over the inventory, without asking any node').conflicts('refresh'))
    .option('--columns <names>', `columns of the report, facts as facts.os.name (default: ${usualColumns})`)
    .addOption(new Option('--csv', 'the report as CSV').conflicts(['json', 'format', 'output']))
    .action(async (node: string | undefined, flags: InventoryFlags) =>
      finish(await inventory(node, flags, surroundings), about(flags)),
    );
  addReportFlags(inventoryCommand, inventoryFormats);
  addSelectionFlags(inventoryCommand);
  addFleetFlags(inventoryCommand);
  addOutputFlags(inventoryCommand);
  inventoryCommand.addHelpText(
    'after',
    examples(
      'muster inventory web1.example.com',
      'muster inventory web1.example.com --compare web2.example.com',
      'muster inventory web1.example.com --changes --since 7d',
      'muster inventory --refresh -F os.family=Debian',
      'muster inventory --list-collectives',
      'muster inventory --report --columns identity,facts.os.name,classes --csv > fleet.csv',
      'muster inventory --report -F role=web --output fleet.pdf',
      'muster inventory --collective-graph dot | dot -Tsvg > collectives.svg',
    ),
  );
}
