import type { IssueCertificate } from './kept-certificates.ts';

/** What the broker of a site shows to that of the other: a certificate that is good for that alone, and its key; by file name. */
export async function linkFiles(
  issue: IssueCertificate,
  link: { readonly site: string; readonly validDays: number },
): Promise<Readonly<Record<'link.pem' | 'link.key', string>>> {
  const { certificatePem, keyPem } = await issue({
    role: 'broker',
    usage: 'client',
    name: link.site,
    validDays: link.validDays,
  });
  return { 'link.pem': certificatePem, 'link.key': keyPem };
}
