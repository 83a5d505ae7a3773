export { keptSecret, newPassword, privateFolder, writePrivate } from './secret-files.ts';
export { keptAuthority, keptCertificate } from './kept-certificates.ts';
export { linkFiles } from './link-files.ts';
