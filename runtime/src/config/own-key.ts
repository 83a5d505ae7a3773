import { X509Certificate } from 'node:crypto';
import type { Signer } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { createSigner } from '../crypto/index.ts';
import { createAgentSigner, readKeyFile, type AskPassphrase } from '../keys/index.ts';
import { readSmallFile } from './yaml-file.ts';

/** Where a private key is, and what it takes to use it. */
export interface KeyAccess {
  /** Opens a key that a passphrase protects. */
  readonly askPassphrase?: AskPassphrase;
  /** The socket of the SSH agent, which may hold the key instead of a file. */
  readonly sshAgent?: string;
}

/** What `trust.key` says when an SSH agent holds the key. */
export const agentKeyWord = 'ssh-agent';

/** What shows a connection to the broker whose it is: certificate and key, PEM. */
export interface Transport {
  readonly certificate: string;
  readonly key: string;
}

/** What signs, and what connects. */
export interface OwnKey {
  readonly signer: Signer;
  readonly transport: Transport;
}

/** Reads a certificate and its key for connections alone. Errors: those of {@link readKeyFile}, `certificate.untrusted`. */
async function readTransport(
  files: { readonly certificate: string; readonly key: string },
  askPassphrase: AskPassphrase | undefined,
): Promise<Result<Transport>> {
  const certificate = await readSmallFile(files.certificate);
  if (!certificate.ok) return certificate;
  const key = await readKeyFile(files.key, askPassphrase);
  if (!key.ok) return key;
  // Says whether the two belong together, which the broker would not.
  const signer = await createSigner({ certificatePem: certificate.value, keyPem: key.value });
  return signer.ok ? ok({ certificate: certificate.value, key: key.value }) : signer;
}

/**
 * Opens the key that a configuration names: of a file, or of an SSH agent, which then needs a certificate for connections beside it.
 *
 * Errors: `config.unreadable`, `config.invalid`, `certificate.untrusted`, `key.*`.
 */
export async function openOwnKey(
  files: {
    /** Absolute paths; `key` may be {@link agentKeyWord}. */
    readonly certificate: string;
    readonly key: string;
    /** For connections to the broker; those above when absent. */
    readonly transport?: { readonly certificate: string; readonly key: string };
  },
  { askPassphrase, sshAgent }: KeyAccess,
): Promise<Result<OwnKey>> {
  const certificate = await readSmallFile(files.certificate);
  if (!certificate.ok) return certificate;
  const certificatePem = certificate.value;
  if (files.key === agentKeyWord) {
    if (sshAgent === undefined) {
      return fail('key.agent', 'The key is with an SSH agent, and there is none: SSH_AUTH_SOCK is not set');
    }
    if (files.transport === undefined) {
      return fail('config.invalid', 'With a key in an SSH agent, the connection needs a key of its own', {
        mend: 'Set "broker.certificate" and "broker.key": see docs/guide/keys.md.',
      });
    }
    const signer = await createAgentSigner({ certificatePem, socket: sshAgent });
    if (!signer.ok) return signer;
    const transport = await readTransport(files.transport, askPassphrase);
    return transport.ok ? ok({ signer: signer.value, transport: transport.value }) : transport;
  }
  const key = await readKeyFile(files.key, askPassphrase);
  if (!key.ok) return key;
  const signer = await createSigner({ certificatePem, keyPem: key.value });
  if (!signer.ok) return signer;
  const transport =
    files.transport === undefined
      ? ok({ certificate: certificatePem, key: key.value })
      : await readTransport(files.transport, askPassphrase);
  return transport.ok ? ok({ signer: signer.value, transport: transport.value }) : transport;
}

/** For who neither signs nor connects: the certificate without its key. Errors: `config.unreadable`, `certificate.untrusted`. */
export async function withoutKey(certificateFile: string): Promise<Result<OwnKey>> {
  const certificate = await readSmallFile(certificateFile);
  if (!certificate.ok) return certificate;
  try {
    const { raw } = new X509Certificate(certificate.value);
    const sign = () => Promise.reject(new Error('This process works without the private key'));
    const signer: Signer = { certificate: raw, signatureBytes: 0, sign };
    return ok({ signer, transport: { certificate: certificate.value, key: '' } });
  } catch (thrown) {
    return fail('certificate.untrusted', `${certificateFile} cannot be read: ${faultFrom(thrown).message}`);
  }
}
