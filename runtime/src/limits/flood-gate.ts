const minuteMs = 60_000;

/** Lets so many through in a minute, and counts the others. */
export class FloodGate {
  readonly #most: number;
  #sinceMs = -Infinity;
  #taken = 0;
  #passedOver = 0;

  constructor(mostInMinute: number) {
    this.#most = mostInMinute;
  }

  /** How many were passed over since the last one that was let through; undefined for one that is passed over itself. */
  take(nowMs: number): number | undefined {
    if (nowMs < this.#sinceMs || nowMs - this.#sinceMs >= minuteMs) {
      this.#sinceMs = nowMs;
      this.#taken = 0;
    }
    if (this.#taken >= this.#most) {
      this.#passedOver++;
      return undefined;
    }
    this.#taken++;
    const passedOver = this.#passedOver;
    this.#passedOver = 0;
    return passedOver;
  }
}
