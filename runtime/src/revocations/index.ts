export { openRevocations, type Revocations } from './revocations.ts';
