import { join } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { identityPattern, type Role } from '@muster/protocol/identity';
import { findAgentKey } from '@muster/runtime/keys';
import { createSigningRequest, requestForHeldKey } from '@muster/runtime/pki';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface NewFlags {
  readonly out: string;
  /** The key is in the SSH agent; its comment or fingerprint. */
  readonly sshAgent?: string;
  readonly replace?: true;
  readonly json?: true;
}

/** Has the agent sign a request for a certificate of a key that it holds. */
async function requestAgentKey(
  about: { readonly role: Role; readonly name: string },
  meant: string,
  { out, replace, json }: NewFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const socket = surroundings.env['SSH_AUTH_SOCK'];
  if (socket === undefined || socket === '')
    return fail('key.agent', 'There is no SSH agent: SSH_AUTH_SOCK is not set');
  const key = await findAgentKey(socket, meant);
  if (!key.ok) return key;
  const kind = key.value.publicKey.asymmetricKeyType;
  if (kind !== 'ed25519' && kind !== 'rsa')
    return fail('usage.invalid', `Messages cannot be signed with a ${kind} key`, {
      mend: 'Take an Ed25519 or RSA key.',
    });
  const request = join(out, `${about.name}.csr`);
  try {
    const pem = await requestForHeldKey(about, key.value);
    const written = await surroundings.writeFile(request, pem, { replace: replace === true });
    if (!written.ok) return written;
  } catch (thrown) {
    return fail('key.agent', `The SSH agent does not sign: ${faultFrom(thrown).message}`);
  }
  surroundings.stdout.write(
    json === true
      ? `${cleanJson({ ...about, key: null, request })}\n`
      : cleanText(
          `Request  ${request}  for who keeps the authority: muster ca issue FOLDER ${about.role} --request ${request}\n`,
        ),
  );
  return ok(exitCodes.ok);
}

/** `muster keys new`. */
export async function makeKey(
  { role, name }: { readonly role: Role; readonly name: string },
  flags: NewFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { out, replace, json } = flags;
  if (!identityPattern.test(name)) return fail('identity.invalid', `"${name}" is not a valid name`);
  if (flags.sshAgent !== undefined) return requestAgentKey({ role, name }, flags.sshAgent, flags, surroundings);
  const { requestPem, keyPem } = await createSigningRequest({ role, name });
  const key = join(out, `${name}.key`);
  const request = join(out, `${name}.csr`);
  const options = { replace: replace === true };
  const kept = await surroundings.writeFile(key, keyPem, { ...options, secret: true });
  if (!kept.ok) return kept;
  const written = await surroundings.writeFile(request, requestPem, options);
  if (!written.ok) return written;
  surroundings.stdout.write(
    json === true
      ? `${cleanJson({ role, name, key, request })}\n`
      : cleanText(
          `Key      ${key}  stays here\nRequest  ${request}  for who keeps the authority: muster ca issue FOLDER ${role} --request ${name}.csr\n`,
        ),
  );
  return ok(exitCodes.ok);
}
