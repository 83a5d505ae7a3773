export { keepCertificate } from './keep-certificate.ts';
export { readOwnCertificates } from './own-certificates.ts';
export { importCertificate, rotateKey, type Imported } from './own-keys.ts';
export { checkPassphrase, isOwnKeyProtected, protectOwnKey, unprotectOwnKey } from './protect.ts';
