/** Limits of an ordinary run, in milliseconds. */
export const usualLimits = {
  deliveryMs: 15_000,
  executionMs: 10_000,
  ttlMs: 60_000,
  untilMs: null,
  waitAtMostMs: null,
  isCalledOff: false,
};
