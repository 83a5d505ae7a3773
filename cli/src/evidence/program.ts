import { Option, type Command } from 'commander';
import { examples } from '../options/examples.ts';
import { addHomeFlag } from '../options/flags.ts';
import { addCertnameFlags } from '../options/trust.ts';
import { repeated } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { verify, type VerifyFlags } from './verify.ts';

/** Commands that read files of evidence. They need no broker, and with `--ca` no home. */
export function addEvidenceCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const evidence = program
    .command('evidence')
    .description('Prove what was asked in a run, and what each node answered.');
  const command = evidence
    .command('verify')
    .description(
      'Verify a file that `runs export --evidence` wrote: each signature and certificate, and that what is shown is what was signed. Exit code 1 when something does not hold, 2 when something is not there.',
    )
    .argument('<file>', 'file of evidence')
    .addOption(
      new Option(
        '--ca <file>',
        'believe whoever has a certificate of this authority (PEM); may be repeated (default: those of the home)',
      ).argParser(repeated),
    )
    .option(
      '--revocations <file>',
      'list of revoked certificates (PEM) (default: that of the home, unless --ca is given)',
    )
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (file: string, flags: VerifyFlags) => finish(await verify(file, flags, surroundings)));
  addCertnameFlags(command);
  addHomeFlag(command);
  command.addHelpText(
    'after',
    examples(
      'muster evidence verify run.evidence --ca ca.pem --revocations crl.pem',
      'muster evidence verify run.evidence --json',
    ),
  );
}
