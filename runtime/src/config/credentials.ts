import { X509Certificate } from 'node:crypto';
import type { Signer, Verifier } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { BrokerSettings } from '../bus/index.ts';
import { collectivesOf, createVerifier, readCertificates, type RoleOf } from '../crypto/index.ts';
import type { Clock } from '../effects/index.ts';
import { openRevocations, type Revocations } from '../revocations/index.ts';
import { rolesByName } from './certnames.ts';
import { agentKeyWord, openOwnKey, withoutKey, type KeyAccess, type OwnKey } from './own-key.ts';
import { readAccount, readProxy } from './read-proxy.ts';
import type { BrokerSection, ProxySection, TrustSection } from './sections.ts';
import { readSmallFile, resolveFrom } from './yaml-file.ts';

/** What the files behind a configuration give: how to reach the broker, in whose name to sign, and whom to believe. */
export interface Credentials {
  readonly broker: BrokerSettings;
  readonly signer: Signer;
  readonly verifier: Verifier;
  /** What the holder of a certificate is that does not say so itself. */
  readonly roleOf: RoleOf;
  /** Believes what certificates signed that were taken back since. */
  readonly pastVerifier: Verifier;
  /** What the authorities took back; undefined where no list is configured. */
  readonly revocations: Revocations | undefined;
}

/** The list that is configured, if one is. */
async function readRevocations(
  file: string | undefined,
  authorities: readonly X509Certificate[],
  clock: Clock,
): Promise<Result<Revocations | undefined>> {
  return file === undefined ? ok(undefined) : openRevocations({ file, authorities, clock });
}

/** The key of the configuration, as far as it is wanted. */
function openKey(
  { trust, broker, keyAccess = {} }: Parameters<typeof loadCredentials>[0],
  at: (path: string) => string,
): Promise<Result<OwnKey>> {
  const certificate = at(trust.certificate);
  if (keyAccess === null) return withoutKey(certificate);
  const transport =
    broker.certificate === undefined || broker.key === undefined
      ? {}
      : { transport: { certificate: at(broker.certificate), key: at(broker.key) } };
  const key = trust.key === agentKeyWord ? agentKeyWord : at(trust.key);
  return openOwnKey({ certificate, key, ...transport }, keyAccess);
}

/** A certificate for some collectives alone is of no use in others. Errors: `certificate.collective`. */
function checkCollectives({ certificate }: Signer, file: string, collectives: readonly string[]): Result<void> {
  const allowed = collectivesOf(new X509Certificate(certificate));
  const strange = collectives.find((collective) => allowed?.includes(collective) === false);
  if (strange === undefined) return ok(undefined);
  return fail('certificate.collective', `${file} does not count in collective "${strange}"`, {
    mend: 'Leave the collective out of "collectives", or have a certificate issued for it.',
  });
}

/**
 * Reads the files that a configuration names. Secrets must not be readable by group or others.
 *
 * Errors: `config.unreadable`, `config.invalid`, `certificate.untrusted`, `certificate.collective`, `revocations.unreadable`; those of {@link openOwnKey}.
 */
export async function loadCredentials(options: {
  file: string;
  /** With a certificate and key of its own for the connection, or with that of `trust`. */
  broker: BrokerSection & { readonly certificate?: string | undefined; readonly key?: string | undefined };
  trust: TrustSection;
  /** The proxy to the broker and to all others; directly when absent. */
  proxy?: ProxySection | undefined;
  /** Those that the configuration names: the certificate must count in each. None when absent. */
  collectives?: readonly string[];
  connectionName: string;
  clock: Clock;
  /** How to open the key; null for who neither signs nor connects, and leaves it alone. */
  keyAccess?: KeyAccess | null;
}): Promise<Result<Credentials>> {
  const at = (path: string) => resolveFrom(options.file, path);
  const ca = await readSmallFile(at(options.trust.ca));
  if (!ca.ok) return ca;
  const authorities = readCertificates(ca.value);
  if (!authorities.ok) {
    return fail('certificate.untrusted', `${at(options.trust.ca)} is not a certificate in PEM`);
  }
  const own = await openKey(options, at);
  if (!own.ok) return own;
  const account = await readAccount(options.broker, at);
  if (!account.ok) return account;
  const proxy = await readProxy(options.proxy, at);
  if (!proxy.ok) return proxy;
  const { revocations: list } = options.trust;
  const read = await readRevocations(list === undefined ? undefined : at(list), authorities.value, options.clock);
  if (!read.ok) return read;
  const { value: revocations } = read;
  const roleOf = rolesByName(options.trust);
  const strange = checkCollectives(own.value.signer, at(options.trust.certificate), options.collectives ?? []);
  if (!strange.ok) return strange;
  const pastVerifier = createVerifier({ caPem: ca.value, roleOf });
  const verifier = createVerifier({ caPem: ca.value, roleOf, ...(revocations === undefined ? {} : { revocations }) });
  const { urls, server_name: serverName } = options.broker;
  const { random_start: startAnywhere, queue_type: queueType } = options.broker;
  const broker = {
    urls,
    startAnywhere,
    queueType,
    ...(account.value === undefined ? {} : { account: account.value }),
    ...(proxy.value === undefined ? {} : { proxy: proxy.value }),
    ca: ca.value,
    ...own.value.transport,
    connectionName: options.connectionName,
    ...(serverName === undefined ? {} : { serverName }),
    ...(revocations === undefined ? {} : { revocations }),
  };
  return ok({ broker, signer: own.value.signer, verifier, roleOf, pastVerifier, revocations });
}
