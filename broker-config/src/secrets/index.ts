export { keptSecret, newPassword, privateFolder, writePrivate } from './secret-files.ts';
export { keptAuthority, keptCertificate, issuedBy, type IssueCertificate } from './kept-certificates.ts';
export { linkFiles } from './link-files.ts';
