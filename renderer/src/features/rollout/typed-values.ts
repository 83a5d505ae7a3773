import type { Amount, Tolerance } from '@muster/protocol/bridge';

const unitsMs: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A duration such as `90`, `90 s`, `5 min`, `2 h` or `1.5 d` in milliseconds; a number alone is seconds. Undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)\s*(s|min|m|h|d)?$/.exec(text.trim().toLowerCase()) ?? [];
  const ms = Math.round(Number(number) * (unitsMs[unit] ?? 0));
  return number !== '' && Number.isSafeInteger(ms) ? ms : undefined;
}

const mostNodes = 1_000_000;

/** A number of nodes, such as `10`, or a share, such as `5 %`: from `least` on. Undefined for anything else. */
function readSize(text: string, least: number): Tolerance | undefined {
  const [, digits = '', sign] = /^(\d{1,7})\s*(%)?$/.exec(text.trim()) ?? [];
  if (digits === '') return undefined;
  const amount = Number(digits);
  const unit = sign === undefined ? 'nodes' : 'percent';
  const most = unit === 'nodes' ? mostNodes : 100;
  return amount >= least && amount <= most ? { unit, amount } : undefined;
}

/** How many nodes: a number or a share, at least 1. */
export const readAmount = (text: string): Amount | undefined => readSize(text, 1);

/** How many nodes may fail: a number or a share, also none. */
export const readTolerance = (text: string): Tolerance | undefined => readSize(text, 0);

/** As {@link readAmount} and {@link readTolerance} read it. */
export const sizeText = ({ unit, amount }: Amount | Tolerance): string =>
  unit === 'nodes' ? String(amount) : `${amount} %`;
