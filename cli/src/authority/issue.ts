import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { identityPattern, type Role } from '@muster/protocol/identity';
import { fingerprintOf, serialText } from '@muster/runtime/crypto';
import { createSigningRequest, readSigningRequest, type SigningRequest } from '@muster/runtime/pki';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { withAuthority } from './with-authority.ts';

export interface IssueFlags {
  readonly days: number;
  readonly host?: readonly string[];
  readonly collective?: readonly string[];
  readonly request?: string;
  /** For connections alone. */
  readonly transport?: true;
  readonly out: string;
  readonly replace?: true;
  readonly json?: true;
}

/** What a certificate is wanted for, as far as the command line says. */
interface Wanted {
  readonly folder: string;
  readonly role: Role;
  readonly name: string | undefined;
}

/** A key to certify, and its private half where it was made here. */
interface Subject {
  readonly name: string;
  readonly publicKey: SigningRequest['publicKey'];
  readonly keyPem?: string;
}

const longestRequestBytes = 64 * 1024;

async function requested(
  file: string,
  { role, name }: { readonly role: Role; readonly name: string | undefined },
  surroundings: Surroundings,
): Promise<Result<Subject>> {
  const text = await surroundings.readFile(file, { longestBytes: longestRequestBytes });
  if (!text.ok) return text;
  const request = await readSigningRequest(text.value);
  if (!request.ok) return request;
  const { publicKey, role: askedRole = role, name: askedName = name } = request.value;
  if (askedRole !== role || (name !== undefined && askedName !== name)) {
    return fail(
      'certificate.request',
      `${file} asks to be ${askedRole} ${askedName ?? ''}, not ${role} ${name ?? ''}`,
      {
        mend: 'Issue what it asks for, or have the right request made.',
      },
    );
  }
  if (askedName === undefined) {
    return fail('certificate.request', `${file} names nobody`, { mend: 'Say the name behind the role.' });
  }
  return ok({ name: askedName, publicKey });
}

async function madeHere(role: Role, name: string | undefined): Promise<Result<Subject>> {
  if (name === undefined) {
    return fail('usage.invalid', 'A name is missing', { mend: 'Say the name behind the role, or give its --request.' });
  }
  if (!identityPattern.test(name)) return fail('identity.invalid', `"${name}" is not a valid name`);
  const { requestPem, keyPem } = await createSigningRequest({ role, name });
  const request = await readSigningRequest(requestPem);
  return request.ok ? ok({ name, publicKey: request.value.publicKey, keyPem }) : request;
}

/** `muster ca issue`: the key, if one is made, is on the disk before its certificate is. */
export async function issue(wanted: Wanted, flags: IssueFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { role, folder } = wanted;
  const { days, host = [], collective: collectives = [], request, out, json } = flags;
  const replace = flags.replace === true;
  if (host.length > 0 && role !== 'broker') {
    return fail('usage.invalid', 'Only the certificate of a broker is for hosts', { mend: 'Leave --host out.' });
  }
  const subject =
    request === undefined
      ? await madeHere(role, wanted.name)
      : await requested(request, { role, name: wanted.name }, surroundings);
  if (!subject.ok) return subject;
  const { name, publicKey, keyPem } = subject.value;
  return withAuthority(folder, surroundings, async (authority) => {
    const keyFile = join(out, `${name}.key`);
    if (keyPem !== undefined) {
      const written = await surroundings.writeFile(keyFile, keyPem, { replace, secret: true });
      if (!written.ok) return written;
    }
    const issued = await authority.issue({
      role,
      name,
      publicKey,
      validDays: days,
      hosts: host,
      collectives,
      ...(flags.transport === true ? { isTransportOnly: true } : {}),
    });
    if (!issued.ok) return issued;
    const certificateFile = join(out, `${name}.pem`);
    const written = await surroundings.writeFile(certificateFile, issued.value, { replace });
    if (!written.ok) {
      const { code, message } = written.error;
      return fail(code, `The certificate was issued, but ${message}`, {
        mend: 'Revoke it, and issue another with another --out, or with --replace.',
      });
    }
    const certificate = new X509Certificate(issued.value);
    const report = {
      role,
      name,
      serial: serialText(certificate.serialNumber),
      fingerprint: fingerprintOf(certificate),
      notAfter: certificate.validToDate.toISOString(),
      collectives: collectives.length === 0 ? null : collectives,
      certificate: certificateFile,
      key: keyPem === undefined ? null : keyFile,
    };
    surroundings.stdout.write(
      json === true
        ? `${cleanJson(report)}\n`
        : cleanText(
            [
              `Certificate  ${certificateFile}`,
              ...(keyPem === undefined ? [] : [`Key          ${keyFile}`]),
              `Holder       ${role} ${name}`,
              `Serial       ${report.serial}`,
              `Fingerprint  ${report.fingerprint}`,
              `Expires      ${report.notAfter}`,
              ...(collectives.length === 0 ? [] : [`Counts in    ${collectives.join(', ')}`]),
              '',
            ].join('\n'),
          ),
    );
    return ok(exitCodes.ok);
  });
}
