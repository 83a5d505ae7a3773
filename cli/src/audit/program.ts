import { Option, type Command } from 'commander';
import { examples } from '../options/examples.ts';
import { addHomeFlag } from '../options/flags.ts';
import { addCertnameFlags } from '../options/trust.ts';
import { repeated } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { show, type ShowFlags } from './show.ts';
import { verify, type VerifyFlags } from './verify.ts';

/** Commands that read the audits of nodes and consoles. They need no home and no broker. */
export function addAuditCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const audit = program.command('audit').description('Read audits, and prove that nobody changed them.');
  const verifying = audit
    .command('verify')
    .description(
      'Find each line that was removed, changed or put in. Takes the files of one chain, in any order; without any, all that the consoles of this home have written. Exit code 1 when there is damage.',
    )
    .argument('[file...]', 'files of one chain')
    .addOption(
      new Option(
        '--ca <file>',
        'believe whoever has a certificate of this authority (PEM); may be repeated (default: those of the home)',
      )
        .argParser(repeated)
        .conflicts('certificate'),
    )
    .addOption(
      new Option('--certificate <file>', 'believe this certificate alone (PEM); may be repeated').argParser(repeated),
    )
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (files: readonly string[], flags: VerifyFlags) => finish(await verify(files, flags, surroundings)));
  addCertnameFlags(verifying);
  addHomeFlag(verifying);
  verifying.addHelpText(
    'after',
    examples(
      'muster audit verify',
      'muster audit verify audit.log --ca ca.pem',
      'muster audit verify audit*.log --certificate node.pem --json',
      "muster audit verify audit.log --ca puppet-ca.pem --trust-nodes '*.example.com'",
    ),
  );
  audit
    .command('show')
    .description('Print what a file says, without verifying it.')
    .argument('<file>', 'a file of an audit')
    .option('--kind <kind>', 'only records of this kind, such as request or outcome')
    .option('--caller <caller>', 'only those of this caller, such as cert=alice')
    .option('--agent <name>', 'only those about this agent')
    .option('--action <name>', 'only those about this action')
    .option('--request <id>', 'only those about this request')
    .option('-j, --json', 'a line of JSON for each record')
    .action(async (file: string, flags: ShowFlags) => finish(await show(file, flags, surroundings)))
    .addHelpText('after', examples('muster audit show audit.log --caller cert=alice --kind request'));
}
