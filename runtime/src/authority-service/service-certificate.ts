import { X509Certificate } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faultFrom, ok, fail, type Result } from '@muster/protocol/errors';
import type { SharedAuthority } from '../authority/index.ts';
import type { Clock } from '../effects/index.ts';
import { finishInstalling, install, waitingKey, type KeyFiles } from '../enrolment/key-files.ts';
import { readSigningRequest, requestFor } from '../pki/index.ts';

/** The name in the certificate of every authority's service. */
export const serviceName = 'authority';

const validDays = 90;
/** With less than this left, another one is made, in milliseconds. */
const leastLeftMs = 30 * 24 * 3_600_000;

export const serviceFiles = (folder: string): KeyFiles => ({
  certificate: join(folder, 'service.pem'),
  key: join(folder, 'service.key'),
});

async function holdsLong({ certificate, key }: KeyFiles, clock: Clock): Promise<boolean> {
  try {
    await access(key);
    const { validToDate } = new X509Certificate(await readFile(certificate));
    return validToDate.getTime() - clock() >= leastLeftMs;
  } catch {
    return false;
  }
}

/**
 * Sees to it that the service of an authority has a certificate of its own: the authority's key stays out of its connections. Gives
 * whether it was made now. Errors: those of the folder, `file.unwritable`.
 */
export async function keepServiceCertificate(
  folder: string,
  authority: SharedAuthority,
  clock: Clock,
): Promise<Result<boolean>> {
  const files = serviceFiles(folder);
  const opened = await authority.open();
  if (!opened.ok) return opened;
  try {
    const finished = await finishInstalling(files);
    if (!finished.ok) return finished;
    if (await holdsLong(files, clock)) return ok(false);
    const key = await waitingKey(files);
    if (!key.ok) return key;
    const about = { role: 'authority', name: serviceName } as const;
    const request = await readSigningRequest(await requestFor(key.value, about));
    if (!request.ok) return request;
    const issued = await opened.value.issue({ ...about, publicKey: request.value.publicKey, validDays });
    if (!issued.ok) return issued;
    const installed = await install(files, issued.value);
    return installed.ok ? ok(true) : installed;
  } catch (thrown) {
    return fail('storage.failed', `${folder} cannot be used: ${faultFrom(thrown).message}`);
  } finally {
    await opened.value.close();
  }
}
