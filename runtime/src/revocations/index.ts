export { readRevocationLists, type RevokedCertificates } from './read-list.ts';
export { openRevocations, type Revocations } from './revocations.ts';
