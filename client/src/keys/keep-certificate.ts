import { X509Certificate } from 'node:crypto';
import { readHolder, type OwnSigner } from '@muster/runtime/crypto';
import { keepRenewed, sameKeyHolding, type KeptCertificate } from '@muster/runtime/enrolment';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ReadConfiguration } from '../configuration/index.ts';
import type { Effects } from '../effects.ts';

/**
 * Sees to the next certificate of a console, for the key that it has: what is sealed with that stays readable, and a key under a passphrase or in an
 * SSH agent stays where it is. Runs go on.
 */
export function keepCertificate(options: {
  readonly read: ReadConfiguration;
  /** Signs as the credentials do; with the next certificate afterwards. */
  readonly signer: OwnSigner;
  readonly effects: Pick<Effects, 'bus' | 'verifier' | 'compressor' | 'clock' | 'randomBytes' | 'logger'>;
  readonly audit: Pick<ConsoleAudit, 'useSigner'>;
  /** Whether this console stays open. */
  readonly stays: boolean;
}): KeptCertificate {
  const { read, signer, effects, audit, stays } = options;
  const { configuration, credentials, renewal } = read;
  const { clock, logger } = effects;
  const { ca: caPem, key } = credentials.broker;
  const holder = { role: 'person', name: configuration.person, caPem, roleOf: credentials.roleOf } as const;
  // Whoever writes no roles into certificates, as Puppet, is no authority that can be asked.
  const isOfMuster = readHolder(new X509Certificate(signer.certificate)).ok;
  return keepRenewed({
    ...holder,
    ...effects,
    signer,
    holding: sameKeyHolding({
      holder,
      certificate: renewal.certificate,
      signer,
      key: credentials.signer,
      transportKey: renewal.isForConnection ? key : undefined,
      clock,
    }),
    isAutomatic: stays && isOfMuster && renewal.isAutomatic,
    onRenewed(next, expiresMs) {
      audit.useSigner(next);
      logger.info({ expiresMs }, 'another certificate is used from now on');
    },
    onFault: ({ code, message }) => logger.warn({ code }, `of the certificate: ${message}`),
  });
}
