export { FloodGate } from './flood-gate.ts';
