export { importCertificate, rotateKey, type Imported } from './own-keys.ts';
