export { createAuthority, loadAuthority, type Authority } from './authority.ts';
export { issueCertificate, type CertificateRequest, type IssuedCertificate } from './certificate.ts';
