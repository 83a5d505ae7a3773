import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { identityPattern, type Role } from '@muster/protocol/identity';
import { createSigningRequest } from '@muster/runtime/pki';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface NewFlags {
  readonly out: string;
  readonly replace?: true;
  readonly json?: true;
}

/** `muster keys new`. */
export async function makeKey(
  { role, name }: { readonly role: Role; readonly name: string },
  { out, replace, json }: NewFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  if (!identityPattern.test(name)) return fail('identity.invalid', `"${name}" is not a valid name`);
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
