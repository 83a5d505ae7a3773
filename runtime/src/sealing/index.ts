export { sealInputs, type SealedFor } from './sealed-inputs.ts';
export { createSealingKey, openSealingKey, type SealingKey } from './sealing-key.ts';
