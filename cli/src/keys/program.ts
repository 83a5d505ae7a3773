import type { Command } from 'commander';
import { issuedRoles, type Role } from '@muster/protocol/identity';
import { examples } from '../options/examples.ts';
import { addHomeFlag, addKeyFlags, addProxyFlags } from '../options/flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { joinAs, type JoinFlags } from './join.ts';
import { list, type ListFlags } from './list.ts';
import { makeKey, type NewFlags } from './new.ts';
import { protect, unprotect, type ProtectFlags, type UnprotectFlags } from './protect.ts';
import { importOwn, renew, rotate, type ImportFlags, type RenewFlags, type RotateFlags } from './renew.ts';

/** Commands about one's own keys. */
export function addKeyCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const keys = program.command('keys').description('Your own keys and certificates.');
  keys
    .command('new')
    .description(
      'Make an Ed25519 key that never leaves this machine, and the request with which an authority certifies it.',
    )
    .addArgument(keys.createArgument('<role>', 'what it is for').choices(issuedRoles))
    .argument('<name>', "a node's identity, a person's or a broker's name")
    .option('--out <folder>', 'where NAME.key and NAME.csr go', '.')
    .option(
      '--ssh-agent <key>',
      'a key that the SSH agent holds, by its comment or SHA256:… in ssh-add -l; makes the request alone',
    )
    .option('--replace', 'write over files that are there')
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (role: Role, name: string, flags: NewFlags) =>
      finish(await makeKey({ role, name }, flags, surroundings)),
    )
    .addHelpText(
      'after',
      examples('muster keys new person alice', 'muster keys new node web1.example.com --out /etc/muster'),
    );
  const joined = keys
    .command('join')
    .description(
      'Join a fleet with an invitation: make a key here, have it certified, and set up this console. Waits for approval where that is needed.',
    )
    .argument('<file>', 'the invitation, as muster ca invite makes it')
    .option('--name <name>', 'your name, where the invitation is for several')
    .option('--replace', 'put others in the place of a key and a certificate that are there')
    .option('-j, --json', 'JSON on STDOUT and nothing else');
  addHomeFlag(joined);
  addProxyFlags(joined);
  joined
    .action(async (file: string, flags: JoinFlags) => finish(await joinAs(file, flags, surroundings)))
    .addHelpText(
      'after',
      examples(
        'muster keys join alice.join',
        'muster keys join alice.join --proxy https://alice@proxy.example.com:3129 --proxy-password-file proxy.password',
      ),
    );
  const listed = keys
    .command('list')
    .description(
      'Show the certificate of this console, and until when it and its authorities hold. Exit code 1 when one is not valid now.',
    )
    .option('-j, --json', 'JSON on STDOUT and nothing else');
  addHomeFlag(listed);
  listed
    .action(async (flags: ListFlags) => finish(await list(flags, surroundings)))
    .addHelpText('after', examples('muster keys list'));
  const renewed = keys
    .command('renew')
    .description(
      'Have the authority give this console its next certificate, for the same key. A console that stays open does so by itself when a third of its life is left.',
    )
    .option('-j, --json', 'JSON on STDOUT and nothing else');
  addKeyFlags(renewed);
  renewed
    .action(async (flags: RenewFlags) => finish(await renew(flags, surroundings)))
    .addHelpText('after', examples('muster keys renew'));
  const rotated = keys
    .command('rotate')
    .description(
      'Make another key for this console and the request for its certificate; the key in use stays until muster keys import.',
    )
    .option('--replace', 'begin anew where a key waits for its certificate already')
    .option('-j, --json', 'JSON on STDOUT and nothing else');
  addKeyFlags(rotated);
  rotated
    .action(async (flags: RotateFlags) => finish(await rotate(flags, surroundings)))
    .addHelpText('after', examples('muster keys rotate'));
  const imported = keys
    .command('import')
    .description('Bring a certificate to this console: for its key, or for the one that keys rotate made.')
    .argument('<file>', 'the certificate (PEM)')
    .option('-j, --json', 'JSON on STDOUT and nothing else');
  addKeyFlags(imported);
  imported
    .action(async (file: string, flags: ImportFlags) => finish(await importOwn(file, flags, surroundings)))
    .addHelpText('after', examples('muster keys import alice.pem'));
  const protecting = keys
    .command('protect')
    .description(
      'Protect the key of this console by a passphrase, or by another one. The file is one of age (armored, scrypt), which any program for age opens.',
    )
    .option('--new-passphrase-file <file>', 'file with the new passphrase, instead of being asked for it')
    .option('-j, --json', 'JSON on STDOUT and nothing else');
  addKeyFlags(protecting);
  protecting
    .action(async (flags: ProtectFlags) => finish(await protect(flags, surroundings)))
    .addHelpText('after', examples('muster keys protect'));
  const unprotecting = keys
    .command('unprotect')
    .description('Keep the key of this console without a passphrase: whoever reads the file can use it.')
    .option('-j, --json', 'JSON on STDOUT and nothing else');
  addKeyFlags(unprotecting);
  unprotecting
    .action(async (flags: UnprotectFlags) => finish(await unprotect(flags, surroundings)))
    .addHelpText('after', examples('muster keys unprotect'));
}
