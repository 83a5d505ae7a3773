import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { hasCode } from '@muster/runtime/files';

/** What an authority has of a name: a certificate, else a request for one, else nothing. */
export type CertificateStatus = 'signed' | 'waiting' | 'missing';

/** Names of certificates and of requests, sorted. */
export interface Certificates {
  readonly signed: readonly string[];
  readonly requests: readonly string[];
}

/** The folder of an authority, read anew whenever it is asked. */
export interface AuthorityFolder {
  list(): Promise<Result<Certificates>>;
  status(certname: string): Promise<Result<CertificateStatus>>;
}

/**
 * Where Puppet Server keeps its authority: packages of Puppet, then Debian's. The older place of each comes first, as for Puppet
 * Server: where both exist the older one counts, or leads to the other.
 */
const usualFolders = [
  '/etc/puppetlabs/puppet/ssl/ca',
  '/etc/puppetlabs/puppetserver/ca',
  '/var/lib/puppet/ssl/ca',
  '/etc/puppet/puppetserver/ca',
];

const isAuthority = (folder: string): boolean =>
  ['ca_crt.pem', 'signed'].some((name) => existsSync(join(folder, name)));

/** The folder of the authority: that of the settings, or a usual one; undefined where there is no authority in it. */
export const findAuthority = (cadir: string | undefined): string | undefined =>
  (cadir === undefined ? usualFolders : [cadir]).find(isAuthority);

const suffix = '.pem';

/** Names of the PEM files in a folder; none where it does not exist, as before the first request. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => file.endsWith(suffix))
      .map((file) => file.slice(0, -suffix.length))
      .sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** The authority on this node. Errors: `config.invalid` where there is none, `internal` for folders that cannot be read. */
export function openAuthority(cadir: string | undefined): Result<AuthorityFolder> {
  const root = findAuthority(cadir);
  if (root === undefined) {
    const where = cadir === undefined ? 'on this node' : `in ${cadir}`;
    return fail('config.invalid', `There is no Puppet authority ${where}`);
  }

  const list = async (): Promise<Result<Certificates>> => {
    try {
      const [signed, requests] = await Promise.all([namesIn(join(root, 'signed')), namesIn(join(root, 'requests'))]);
      return ok({ signed, requests });
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      return fail('internal', `The authority cannot be read: ${reason}`);
    }
  };

  return ok({
    list,
    async status(certname) {
      const listed = await list();
      if (!listed.ok) return listed;
      if (listed.value.signed.includes(certname)) return ok('signed');
      return ok(listed.value.requests.includes(certname) ? 'waiting' : 'missing');
    },
  });
}
