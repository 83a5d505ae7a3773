import { Option, type Command } from 'commander';
import { repeated } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { checkPolicy, type CheckFlags } from './check.ts';
import { addActionFlags, faultyRunText, type RunFlags } from '../options/run-flags.ts';
import { publishPolicies } from './publish.ts';
import { lintPolicyFolder, type PolicyLintFlags } from './lint.ts';

/** Where DDLs come from, which tell the types of inputs, and what there is. */
const addDdlFlags = (command: Command): Command =>
  command
    .addOption(new Option('--ddl <file>', 'DDL of an agent; may be given several times').argParser(repeated))
    .option('--home <dir>', 'folder with console.yaml: the DDLs that its inventory knows');

/** Commands that try policies without a fleet. */
export function addPolicyCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const policy = program.command('policy').description('Policies of nodes: who may do what.');

  const check = policy
    .command('check')
    .description('Say what a node with these policies would decide. Exit codes: 0 allowed, 1 denied, 2 error.')
    .argument('[key=value...]', 'inputs of the action')
    .requiredOption('--policies <dir>', 'folder with AGENT.policy, default.policy, groups and settings.json')
    .requiredOption(
      '--node <file>',
      'the node as JSON: identity, collectives, facts, classes, agents, data; - is STDIN',
    )
    .requiredOption('--caller <caller>', 'who asks: cert=NAME')
    .requiredOption('--agent <agent>', 'the agent')
    .requiredOption('--action <action>', 'the action')
    .action(async (texts: string[], flags: CheckFlags) => finish(await checkPolicy(texts, flags, surroundings)));
  addDdlFlags(check);
  check.addHelpText(
    'after',
    `
Without --ddl and --home, inputs are taken for what the policies compare them with.

Examples:
  muster policy check --policies policies --node web1.json --caller cert=bob --agent service --action restart
  muster policy check --policies policies --node - --caller cert=bob --agent shell --action run command=uptime < web1.json
`,
  );

  const lint = policy
    .command('lint')
    .description(
      'Find what in policies never matches, or cannot be understood. Exit codes: 0 nothing, 1 something, 2 error.',
    )
    .argument('<dir>', 'folder with AGENT.policy, default.policy, groups and settings.json')
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (folder: string, flags: PolicyLintFlags) =>
      finish(await lintPolicyFolder(folder, flags, surroundings)),
    );
  addDdlFlags(lint);
  lint.addHelpText(
    'after',
    `
With --ddl or --home it also knows which agents, actions and inputs there are.

Examples:
  muster policy lint policies
  muster policy lint policies --home .muster-fleet --json
`,
  );

  const publish = policy
    .command('publish')
    .description(
      'Sign a folder of policies and have nodes obey it, instead of their own files, that let you (policies.signers).',
    )
    .argument('<dir>', 'folder with AGENT.policy, default.policy, groups and settings.json')
    .action(async (folder: string, flags: RunFlags) =>
      finish(await publishPolicies(folder, flags, surroundings), (fault) => faultyRunText(flags, fault)),
    );
  addActionFlags(publish);
  publish.addHelpText(
    'after',
    `
What governs now, and going back: muster rpc policies status, muster rpc policies rollback

Examples:
  muster policy publish policies -C role::web --canary 1
`,
  );
}
