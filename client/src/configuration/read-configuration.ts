import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import {
  agentKeyWord,
  loadCredentials,
  readYamlFile,
  resolveFrom,
  rolesByName,
  type Credentials,
  type KeyAccess,
} from '@muster/runtime/config';
import type { RoleOf } from '@muster/runtime/crypto';
import type { Clock } from '@muster/runtime/effects';
import { passphraseIn, type AskPassphrase } from '@muster/runtime/keys';
import { isThere } from '@muster/runtime/files';
import { readDiscoverySettings } from '../discovery/index.ts';
import { readGuardSettings } from '../guard/settings.ts';
import { readNotifySettings } from '../notify/settings.ts';
import type { ConsoleConfiguration, LocalSettings } from './configuration.ts';
import { consoleSchema, type ConsoleSections } from './schema.ts';

/** Name of the file in a home that says what a console is. */
export const fileName = 'console.yaml';
const dayMs = 86_400_000;

/** The file itself, checked. */
async function readConsoleFile(home: string): Promise<Result<{ file: string; sections: ConsoleSections }>> {
  const file = join(home, fileName);
  if (!(await isThere(file))) {
    return fail('home.missing', `There is no ${fileName} in ${home}`, {
      mend: 'Set MUSTER_HOME, or --home, to a folder that has one.',
    });
  }
  const read = await readYamlFile(file, consoleSchema);
  return read.ok ? ok({ file, sections: read.value }) : read;
}

function readLocal(file: string, { data, history }: ConsoleSections): LocalSettings {
  return {
    dataFolder: resolveFrom(file, data),
    history: {
      keepMs: history.keep === undefined ? null : history.keep * dayMs,
      evidence: history.evidence,
      archive: resolveFrom(file, history.archive),
    },
  };
}

/**
 * Reads from a home's `console.yaml` what concerns only this computer; keys and certificates need not be there.
 *
 * Errors: `home.missing` when there is no such file; those of `readYamlFile`.
 */
export async function readLocalSettings(home: string): Promise<Result<LocalSettings>> {
  const read = await readConsoleFile(home);
  return read.ok ? ok(readLocal(read.value.file, read.value.sections)) : read;
}

/** Whose a home is, and where its keys and certificates are; absolute paths. */
export interface TrustFiles {
  readonly person: string;
  readonly ca: string;
  readonly certificate: string;
  /** Null when an SSH agent holds it. */
  readonly key: string | null;
  /** Null where no list of revoked certificates is configured. */
  readonly revocations: string | null;
  /** What a certificate's holder is that does not say so itself. */
  readonly roleOf: RoleOf;
}

/** Finds the files of a home's `trust` section, without reading them. Errors: those of {@link readLocalSettings}. */
export async function findTrustFiles(home: string): Promise<Result<TrustFiles>> {
  const read = await readConsoleFile(home);
  if (!read.ok) return read;
  const { file, sections } = read.value;
  const at = (path: string) => resolveFrom(file, path);
  const { ca, certificate, key, revocations } = sections.trust;
  return ok({
    person: sections.person,
    ca: at(ca),
    certificate: at(certificate),
    key: key === agentKeyWord ? null : at(key),
    revocations: revocations === undefined ? null : at(revocations),
    roleOf: rolesByName(sections.trust),
  });
}

/** What a home says, and the files behind it. */
export interface ReadConfiguration {
  readonly configuration: ConsoleConfiguration;
  readonly credentials: Credentials;
  readonly renewal: RenewalSettings;
}

/** How the certificate of a console is renewed. */
export interface RenewalSettings {
  /** File of the certificate. */
  readonly certificate: string;
  readonly isAutomatic: boolean;
  /** Whether the connection to the broker is by that certificate, too. */
  readonly isForConnection: boolean;
}

interface ReadOptions {
  readonly connectionName?: string;
  readonly clock?: Clock;
  /** Leave the private key alone. */
  readonly keyless?: boolean;
  /** The passphrase of a protected key, whatever the configuration says of one. */
  readonly passphrase?: AskPassphrase;
  /** Asked for the passphrase when the configuration names no file with it. */
  readonly askPassphrase?: AskPassphrase;
}

/** How to open the key: null leaves it alone. */
function keyAccess(file: string, { guard }: ConsoleSections, options: ReadOptions): KeyAccess | null {
  if (options.keyless === true) return null;
  const inFile =
    guard.passphrase_file === undefined ? undefined : passphraseIn(resolveFrom(file, guard.passphrase_file));
  const askPassphrase = options.passphrase ?? inFile ?? options.askPassphrase;
  const sshAgent = process.env['SSH_AUTH_SOCK'];
  return {
    ...(askPassphrase === undefined ? {} : { askPassphrase }),
    ...(sshAgent === undefined || sshAgent === '' ? {} : { sshAgent }),
  };
}

/**
 * Reads a home's `console.yaml` and the keys and certificates that it names.
 *
 * Errors: `home.missing` when there is no such file; those of `readYamlFile` and `loadCredentials`.
 */
export async function readConfiguration(home: string, options: ReadOptions = {}): Promise<Result<ReadConfiguration>> {
  const read = await readConsoleFile(home);
  if (!read.ok) return read;
  const { file, sections } = read.value;
  const { person, collectives, broker, proxy, trust, guard, renewal, discovery } = sections;
  const [main, ...others] = collectives;
  if (main === undefined) return fail('config.invalid', `${file}: "collectives" is empty`);
  const connectionName = options.connectionName ?? `muster ${person}`;
  const credentials = await loadCredentials({
    file,
    broker,
    proxy,
    trust,
    collectives,
    connectionName,
    clock: options.clock ?? Date.now,
    keyAccess: keyAccess(file, sections, options),
  });
  if (!credentials.ok) return credentials;
  return ok({
    configuration: {
      home,
      person,
      collectives: [main, ...others],
      brokerUrls: broker.urls,
      proxy:
        proxy === undefined
          ? null
          : { url: new URL(proxy.url).origin, username: proxy.username ?? null, except: proxy.except },
      discoveryTimeoutMs: Math.round(discovery.timeout * 1000),
      discovery: readDiscoverySettings(discovery, file, trust),
      guard: readGuardSettings(guard),
      notify: readNotifySettings(sections.notify, file),
      ...readLocal(file, sections),
    },
    credentials: credentials.value,
    renewal: {
      certificate: resolveFrom(file, trust.certificate),
      isAutomatic: renewal.automatic,
      isForConnection: broker.certificate === undefined,
    },
  });
}
