import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RunCommand } from '../../processes/index.ts';
import type { AuthorityFolder, CertificateStatus } from './folder.ts';
import type { PuppetCaSettings } from './settings.ts';

export type Verb = 'sign' | 'revoke' | 'clean';

export interface Change {
  readonly authority: AuthorityFolder;
  readonly settings: Pick<PuppetCaSettings, 'command' | 'config'>;
  readonly run: RunCommand;
}

/** What a command said, and why it counts as failed. */
export interface ChangeEnd {
  readonly out: string;
  readonly failure?: string;
}

/** Most that is kept of what a command writes, in bytes. */
const outputBytes = 64 * 1024;

/** Most of an output that goes into a message, in characters. */
const reasonLength = 500;

/** How `puppetserver ca clean` ends when what it has cleaned away was a request only. */
const nothingToRevoke = 24;

/** Why nothing needs to be, or can be, done about a name of that status; undefined when the authority is to be asked. */
function refusal(verb: Verb, certname: string, status: CertificateStatus): string | undefined {
  if (verb === 'sign' && status === 'signed') return `${certname} is already signed`;
  if (verb === 'sign' && status === 'missing') return `There is no request from ${certname}`;
  if (verb === 'revoke' && status === 'waiting') return `${certname} is not signed`;
  return status === 'missing' ? `There is no certificate of ${certname}` : undefined;
}

/** The words of a command: `puppetserver ca VERB --certname NAME`, or `puppet cert VERB NAME` as before Puppet 6. */
function commandLine(verb: Verb, certname: string, { command, config }: Change['settings']): readonly string[] {
  const options = config === undefined ? [] : ['--config', config];
  // The old command colours what it says, whoever reads it.
  return command.at(-1) === 'cert'
    ? [...command, verb, certname, '--color=false', ...options]
    : [...command, verb, '--certname', certname, ...options];
}

const expected: Readonly<Partial<Record<Verb, CertificateStatus>>> = { sign: 'signed', clean: 'missing' };

/**
 * Has the authority sign, revoke or clean a certificate. The folder is looked at before, so that what makes no sense is said at
 * once, and afterwards, so that nothing counts as done that is not. Errors: what the authority's folder gives.
 */
export async function changeCertificate(verb: Verb, certname: string, change: Change): Promise<Result<ChangeEnd>> {
  const { authority, settings, run } = change;
  const before = await authority.status(certname);
  if (!before.ok) return before;
  const refused = refusal(verb, certname, before.value);
  if (refused !== undefined) return ok({ out: '', failure: refused });

  const [program, ...args] = commandLine(verb, certname, settings);
  if (program === undefined) return fail('config.invalid', 'The command of the authority is empty');
  const { exitCode, signal, stdout, stderr } = await run(program, args, { maxOutputBytes: outputBytes });
  const out = [stdout.trim(), stderr.trim()].filter((text) => text !== '').join('\n');
  const name = [...settings.command, verb].join(' ');
  if (exitCode === -1) return ok({ out, failure: out });
  const isRequestGone = verb === 'clean' && before.value === 'waiting' && exitCode === nothingToRevoke;
  if (exitCode !== 0 && !isRequestGone) {
    const how = exitCode === null ? `was ended by ${signal ?? 'a signal'}` : `failed with exit code ${exitCode}`;
    const reason = out.replaceAll(/\s+/g, ' ').slice(0, reasonLength);
    return ok({ out, failure: `${name} ${how}: ${reason === '' ? 'it said nothing' : reason}` });
  }

  const after = await authority.status(certname);
  if (!after.ok) return after;
  if (after.value === (expected[verb] ?? after.value)) return ok({ out });
  return ok({ out, failure: `${name} did not fail, but ${certname} is ${after.value} in the folder of the authority` });
}
