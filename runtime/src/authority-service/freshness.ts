import { enrolmentLimits, type Enrolment } from '@muster/protocol/enrolment';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** The most messages that are remembered; with more at once the oldest are forgotten, and what they ask for is idempotent. */
const remembered = 100_000;

/** Tells messages of now from old ones and from those that came before. */
export class Freshness {
  /** When each nonce may be forgotten, oldest first. */
  readonly #seen = new Map<string, number>();

  /** Errors: `request.expired`, `request.skewed`, `request.replayed`. */
  check({ sender, nonce, issuedAtMs, ttlMs }: Enrolment, nowMs: number): Result<void> {
    const { clockSkewMs } = enrolmentLimits;
    if (issuedAtMs > nowMs + clockSkewMs) {
      const ahead = Math.round((issuedAtMs - nowMs) / 1000);
      return fail('request.skewed', `The clock of who asks is ${ahead} seconds ahead of the authority's`, {
        mend: 'Set the clock of this machine.',
      });
    }
    if (nowMs > issuedAtMs + ttlMs + clockSkewMs) {
      const late = Math.round((nowMs - issuedAtMs) / 1000);
      return fail('request.expired', `The request was made ${late} seconds ago by the clock of who asks`, {
        mend: 'Set the clock of this machine.',
      });
    }
    const key = `${sender} ${nonce}`;
    this.#forget(nowMs);
    if (this.#seen.has(key)) return fail('request.replayed', `A message of "${sender}" came twice`);
    this.#seen.set(key, issuedAtMs + ttlMs + clockSkewMs);
    return ok(undefined);
  }

  #forget(nowMs: number): void {
    for (const [key, untilMs] of this.#seen) {
      if (untilMs >= nowMs && this.#seen.size < remembered) return;
      this.#seen.delete(key);
    }
  }
}
