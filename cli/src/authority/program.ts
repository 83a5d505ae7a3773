import { Option, type Command } from 'commander';
import { enrolledRoles, issuedRoles, type EnrolledRole, type Role } from '@muster/protocol/identity';
import { revocationReasons } from '@muster/runtime/pki';
import { examples } from '../options/examples.ts';
import { count, days, period, repeated, repeatedCollective } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import {
  init,
  list,
  revoke,
  writeList,
  type InitFlags,
  type ListFlags,
  type RevokeFlags,
  type WriteListFlags,
} from './authority.ts';
import { inviteTo, type InviteFlags } from './invite.ts';
import { issue, type IssueFlags } from './issue.ts';
import { serve } from './serve.ts';

/** Commands of whoever keeps the fleet's certificate authority. They need no home, and but for `serve` no broker. */
export function addAuthorityCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const ca = program
    .command('ca')
    .description('Keep the certificate authority of a fleet: a folder, best on a machine that does nothing else.');
  const added = (name: string, description: string): Command =>
    ca.command(name).description(description).argument('<folder>', 'folder of the authority');
  const withJson = (command: Command): Command => command.option('-j, --json', 'JSON on STDOUT and nothing else');

  withJson(
    added(
      'init',
      'Make an authority with an Ed25519 key, valid for ten years. Its key is readable by you alone.',
    ).option('--name <name>', 'name in its certificate', 'Muster authority'),
  )
    .action(async (folder: string, flags: InitFlags) => finish(await init(folder, flags, surroundings)))
    .addHelpText('after', examples('muster ca init /srv/muster-ca --name "Example Ltd"'));

  withJson(
    added(
      'issue',
      'Certify a node, a person or a broker: its own request (--request), or with a key that is made here.',
    )
      .addArgument(ca.createArgument('<role>', 'what it is').choices(issuedRoles))
      .argument('[name]', "a node's identity, a person's or a broker's name (default: what the request says)")
      .option('--days <number>', 'days until it expires, 1 to 3650', days, 365)
      .addOption(
        new Option(
          '--host <host>',
          "DNS name or address that a broker's certificate is for; may be repeated",
        ).argParser(repeated),
      )
      .addOption(
        new Option(
          '--collective <name>',
          'collective in which the certificate counts; may be repeated (default: all)',
        ).argParser(repeatedCollective),
      )
      .option('--request <file>', 'request for a certificate (PKCS #10, PEM), as muster keys new makes it')
      .option('--transport', 'for connections to the broker alone: messages that it signs are not believed')
      .option('--out <folder>', 'where NAME.pem goes, and NAME.key when it is made here', '.')
      .option('--replace', 'write over files that are there'),
  )
    .action(async (folder: string, role: Role, name: string | undefined, flags: IssueFlags) =>
      finish(await issue({ folder, role, name }, flags, surroundings)),
    )
    .addHelpText(
      'after',
      examples(
        'muster ca issue /srv/muster-ca person alice --request alice.csr',
        'muster ca issue /srv/muster-ca broker rabbit1 --host rabbit1.example.com --out certificates',
      ),
    );

  withJson(
    added('revoke', 'Take certificates back, and write the list anew (crl.pem) that nodes and consoles obey.')
      .argument('<which>', 'serial number, or the name of the holder for all that it has')
      .addOption(new Option('--reason <reason>', 'why').choices(Object.keys(revocationReasons)).default('unspecified')),
  )
    .action(async (folder: string, which: string, flags: RevokeFlags) =>
      finish(await revoke(folder, which, flags, surroundings)),
    )
    .addHelpText('after', examples('muster ca revoke /srv/muster-ca alice --reason key-compromise'));

  withJson(
    added('list', 'Show what was issued, with expiry and what was taken back.').option(
      '--expiring <days>',
      'only those that stand and expire within so many days',
      days,
    ),
  )
    .action(async (folder: string, flags: ListFlags) => finish(await list(folder, flags, surroundings)))
    .addHelpText('after', examples('muster ca list /srv/muster-ca', 'muster ca list /srv/muster-ca --expiring 30'));

  withJson(
    added('crl', 'Write the list of what was taken back (crl.pem) with a new date.').option(
      '--days <number>',
      'days until the next one is promised, 1 to 3650',
      days,
      30,
    ),
  )
    .action(async (folder: string, flags: WriteListFlags) => finish(await writeList(folder, flags, surroundings)))
    .addHelpText('after', examples('muster ca crl /srv/muster-ca --days 7'));

  withJson(
    added('invite', 'Make a file with which nodes or a person join by themselves, while muster ca serve runs.')
      .addArgument(ca.createArgument('<role>', 'what joins').choices(enrolledRoles))
      .argument('<names>', "a node's identity or a person's name, or a pattern: web*.example.com")
      .option('--uses <number>', 'how many may join with it', count, 1)
      .option('--for <period>', 'how long it is good: 90m, 2d', period, 24 * 3_600_000)
      .option('--days <number>', 'days for which their certificates hold (default: 90 for nodes, 365 for people)', days)
      .option('--at-once', 'issue certificates without approval by a person')
      .option('--replace-holder', 'take back the certificate that a name has, as for a machine that is set up anew')
      .addOption(
        new Option(
          '--collective <name>',
          'collective that they are in, and to which their certificates are limited; may be repeated',
        ).argParser(repeatedCollective),
      )
      .option('--out <file>', 'where it goes (default: ID.join)')
      .option('--replace', 'write over a file that is there'),
  )
    .action(async (folder: string, role: EnrolledRole, names: string, flags: InviteFlags) =>
      finish(await inviteTo({ folder, role, names }, flags, surroundings)),
    )
    .addHelpText(
      'after',
      examples(
        'muster ca invite /srv/muster-ca node web1.example.com --at-once',
        "muster ca invite /srv/muster-ca node 'web*.example.com' --uses 200 --for 8h",
        'muster ca invite /srv/muster-ca person alice',
      ),
    );

  added('serve', 'Answer over the broker: certify who was invited, and renew. Settings: authority.yaml in the folder.')
    .action(async (folder: string) => finish(await serve(folder, surroundings)))
    .addHelpText('after', examples('muster ca serve /srv/muster-ca'));
}
