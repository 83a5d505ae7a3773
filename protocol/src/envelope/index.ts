export { open, seal, type Compressor, type Opened, type Signer, type Verifier } from './envelope.ts';
export {
  attachCertificate,
  decodeFrame,
  detachCertificate,
  finishFrame,
  startFrame,
  type DetachedFrame,
  type Frame,
} from './frame.ts';
export { decodeJson, encodeJson } from './json.ts';
export { nestsDeeper } from './json-nesting.ts';
export { limits } from './limits.ts';
