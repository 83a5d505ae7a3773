import type { StartTimer } from '@muster/protocol/bridge';

/** After an action, how long until its node is asked again what Puppet does there, in milliseconds. */
const delays: Readonly<Record<string, readonly number[]>> = {
  enable: [500],
  disable: [500],
  // A run takes a while to begin, and longer to end.
  runonce: [2000, 8000, 20_000, 45_000, 90_000],
};

/** Asks nodes again after an action has changed what Puppet does there; nodes of one moment together. */
export class FollowUps {
  readonly #startTimer: StartTimer;
  readonly #ask: (collective: string, identities: readonly string[]) => void;
  readonly #waiting = new Map<string, { readonly identities: Set<string>; readonly stop: () => void }>();

  constructor(startTimer: StartTimer, ask: (collective: string, identities: readonly string[]) => void) {
    this.#startTimer = startTimer;
    this.#ask = ask;
  }

  note(action: string, collective: string, identity: string): void {
    for (const delayMs of Object.hasOwn(delays, action) ? (delays[action] ?? []) : []) {
      const key = `${collective} ${delayMs}`;
      const gathered = this.#waiting.get(key);
      if (gathered !== undefined) {
        gathered.identities.add(identity);
        continue;
      }
      const identities = new Set([identity]);
      const stop = this.#startTimer(delayMs, () => {
        this.#waiting.delete(key);
        this.#ask(collective, [...identities]);
      });
      this.#waiting.set(key, { identities, stop });
    }
  }

  stop(): void {
    for (const { stop } of this.#waiting.values()) stop();
    this.#waiting.clear();
  }
}
