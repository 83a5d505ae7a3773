import type { CertificateState } from '@muster/protocol/bridge';
import type { Tone } from '../../ui/badge/tone.ts';

/** How a certificate stands; `soon`: it has to be renewed within 30 days. */
export type Validity = 'valid' | 'soon' | 'expired' | 'early';

const dayMs = 86_400_000;
const soonMs = 30 * dayMs;

export const validityTones: Readonly<Record<Validity, Tone>> = {
  valid: 'ok',
  soon: 'warn',
  expired: 'bad',
  early: 'bad',
};

export function validityOf(
  { notBeforeMs, notAfterMs }: Pick<CertificateState, 'notBeforeMs' | 'notAfterMs'>,
  nowMs: number,
): Validity {
  if (nowMs < notBeforeMs) return 'early';
  if (nowMs > notAfterMs) return 'expired';
  return notAfterMs - nowMs < soonMs ? 'soon' : 'valid';
}

/** How many whole days are left; negative once it is over. */
export const daysLeft = (timeMs: number, nowMs: number): number => Math.floor((timeMs - nowMs) / dayMs);
