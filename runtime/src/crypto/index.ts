export {
  collectiveName,
  collectivesOf,
  fingerprintOf,
  issuerOf,
  keyFingerprintOf,
  readCertificates,
  readHolder,
  readTrusted,
  revocationKey,
  serialText,
  type RoleOf,
  type TrustedCertificate,
} from './certificate.ts';
export { compressor } from './compressor.ts';
export { randomBytes, randomId } from './random.ts';
export { createOwnSigner, type OwnSigner } from './own-signer.ts';
export { createSigner, digestFor, signingForm } from './signer.ts';
export { createVerifier, type RevokedKeys } from './verifier.ts';
export { createVault, vaultSecret, type Vault } from './vault.ts';
