export { backdatedMs } from './validity.ts';
export { createAuthority, loadAuthority, type Authority } from './authority.ts';
export { certify, issueCertificate, type CertificateRequest, type IssuedCertificate } from './certificate.ts';
export { nameHash, revocationFiles } from './revocation-files.ts';
export { createRevocationList, revocationReasons, type Revocation, type RevocationReason } from './revocation-list.ts';
export {
  createKeyPem,
  createSigningRequest,
  requestForHeldKey,
  readSigningRequest,
  requestFor,
  type SigningRequest,
} from './signing-request.ts';
