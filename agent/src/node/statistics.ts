/** What happened to the messages that a node received since it started. */
export interface Counters {
  /** Everything that arrived. */
  total: number;
  /** Passed signature, caller and schema. */
  validated: number;
  unvalidated: number;
  /** Meant this node by its filter or by name. */
  passed: number;
  filtered: number;
  /** Older than their time to live. */
  ttlexpired: number;
  /** From the future: the clocks differ. */
  skewed: number;
  /** Seen before. */
  replayed: number;
  /** Refused for another reason: collective, action, inputs, policy. */
  refused: number;
  replies: number;
}

export const newCounters = (): Counters => ({
  total: 0,
  validated: 0,
  unvalidated: 0,
  passed: 0,
  filtered: 0,
  ttlexpired: 0,
  skewed: 0,
  replayed: 0,
  refused: 0,
  replies: 0,
});
