/** When a runall asks, and when it gives up; times in milliseconds. */
export interface RunallTiming {
  /** Between two questions to one node. */
  readonly pollMs: number;
  /** How long a node may take to tell its status. */
  readonly statusWindowMs: number;
  /** How long a node may take to say that it has started a run. */
  readonly startWindowMs: number;
  /**
   * How long a node may obey the order to run. Shorter than the time after which a silent node is skipped, so that none
   * begins once its slot has been given to another.
   */
  readonly startTtlMs: number;
  /** So many questions in a row without an answer, and a node is skipped. */
  readonly misses: number;
  /** So often a node may be seen not to apply yet… */
  readonly checks: number;
  /** …and at least for so long: Puppet takes its time to start on a busy machine. */
  readonly beginWithinMs: number;
  /** The longest run: Puppet's own `runtimeout` is an hour. */
  readonly longestRunMs: number;
}

export const usualTiming: RunallTiming = {
  pollMs: 1000,
  statusWindowMs: 5000,
  startWindowMs: 10_000,
  startTtlMs: 30_000,
  misses: 5,
  checks: 5,
  beginWithinMs: 30_000,
  longestRunMs: 65 * 60_000,
};
