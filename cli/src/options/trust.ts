import type { X509Certificate } from 'node:crypto';
import { findTrustFiles, type TrustFiles } from '@muster/client/configuration';
import { ok, type Result } from '@muster/protocol/errors';
import { compileCertname, rolesByName } from '@muster/runtime/config';
import { readCertificates, type RoleOf } from '@muster/runtime/crypto';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Surroundings } from '../surroundings.ts';
import { homeOf } from './home.ts';
import { repeated } from './values.ts';

/** Flags of whatever verifies without a broker. */
export interface TrustFlags {
  readonly home?: string;
  readonly ca?: readonly string[];
  readonly trustPeople?: readonly string[];
  readonly trustNodes?: readonly string[];
}

/** Whom to believe. */
export interface Trust {
  readonly authorities: readonly X509Certificate[];
  /** What a certificate's holder is that does not say so itself. */
  readonly roleOf: RoleOf;
  /** File of what the authorities took back; null where nothing names one. */
  readonly revocations: string | null;
}

const longestBytes = 1024 * 1024;

function certname(pattern: string, before: readonly string[] | undefined): readonly string[] {
  const compiled = compileCertname(pattern);
  if (!compiled.ok) throw new InvalidArgumentError(compiled.error.message);
  return repeated(pattern, before);
}

/** `--trust-people` and `--trust-nodes`. */
export function addCertnameFlags(command: Command): void {
  const flag = (flags: string, who: string) =>
    new Option(
      flags,
      `names of ${who} in certificates without a role, as Puppet's: exact, a glob or a /regex/; may be repeated (default: as in the home, unless --ca is given)`,
    ).argParser(certname);
  command.addOption(flag('--trust-people <name>', 'people')).addOption(flag('--trust-nodes <name>', 'nodes'));
}

/** The certificates of several files. Errors: `list.malformed`, `certificate.untrusted`, each with the name of the file. */
export async function readCertificateFiles(
  files: readonly string[],
  surroundings: Surroundings,
): Promise<Result<readonly X509Certificate[]>> {
  const all: X509Certificate[] = [];
  for (const file of files) {
    const pem = await surroundings.readFile(file, { longestBytes });
    const certificates = pem.ok ? readCertificates(pem.value) : pem;
    if (!certificates.ok)
      return { ok: false, error: { ...certificates.error, message: `${file}: ${certificates.error.message}` } };
    all.push(...certificates.value);
  }
  return ok(all);
}

/** Where a home has what it trusts; null where there is no home, or other authorities than the home's are named. */
async function findHomeTrust(
  { home, ca }: TrustFlags,
  surroundings: Surroundings,
): Promise<Result<Pick<TrustFiles, 'ca' | 'revocations' | 'roleOf'> | null>> {
  // What a home says is about its own authorities.
  if (ca !== undefined) return ok(null);
  const found = await findTrustFiles(homeOf(home, surroundings));
  // Whoever names a home means it.
  return !found.ok && found.error.code === 'home.missing' && home === undefined ? ok(null) : found;
}

/** What the holders of certificates without a role are: as the flags say, or else as the home does. Errors: those of the configuration. */
export async function readRoles(flags: TrustFlags, surroundings: Surroundings): Promise<Result<RoleOf>> {
  const { trustPeople: people, trustNodes: nodes } = flags;
  if (people !== undefined || nodes !== undefined) return ok(rolesByName({ people, nodes }));
  const home = await findHomeTrust(flags, surroundings);
  return home.ok ? ok(home.value?.roleOf ?? rolesByName({})) : home;
}

/** The authorities that the flags name, or else those of the home; null where there is neither. Errors: as above. */
export async function readTrust(flags: TrustFlags, surroundings: Surroundings): Promise<Result<Trust | null>> {
  const home = await findHomeTrust(flags, surroundings);
  if (!home.ok) return home;
  const files = flags.ca ?? (home.value === null ? [] : [home.value.ca]);
  if (files.length === 0) return ok(null);
  const authorities = await readCertificateFiles(files, surroundings);
  if (!authorities.ok) return authorities;
  const roleOf = await readRoles(flags, surroundings);
  if (!roleOf.ok) return roleOf;
  return ok({ authorities: authorities.value, roleOf: roleOf.value, revocations: home.value?.revocations ?? null });
}
