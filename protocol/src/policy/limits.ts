/** Bounds on the files of policies, the same on every machine: what one accepts, all accept. */
export const policyLimits = {
  /** UTF-8 bytes of one file. */
  fileBytes: 262_144,
  /** UTF-16 code units of one line. */
  lineLength: 8_192,
  /** Rules of one file. */
  rules: 2_000,
  /** Regular expressions of one file, those in filters and constraints too: bounds the memory that they take. */
  regexes: 500,
  /** Conditions on inputs of one rule. */
  constraints: 50,
  /** Groups of the file `groups`, and members of all of them. */
  groups: 1_000,
  members: 20_000,
} as const;
