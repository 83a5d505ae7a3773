import type { Clock } from '../effects/index.ts';

const dayMs = 24 * 3600 * 1000;
/** Certificates begin to be valid a little before they are made, so that a clock that is behind accepts them. */
export const backdatedMs = 5 * 60 * 1000;

export const validity = (clock: Clock, days: number): { notBefore: Date; notAfter: Date } => {
  const nowMs = clock();
  return { notBefore: new Date(nowMs - backdatedMs), notAfter: new Date(nowMs + days * dayMs) };
};
