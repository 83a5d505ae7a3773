/** Bounds on a filter, the same on every machine: what one accepts, all accept. */
export const filterLimits = {
  /** UTF-16 code units of a filter's text, as written and as printed. */
  textLength: 65_536,
  /** Nested parentheses, groups and negations. */
  depth: 64,
  conditions: 2_000,
  /** Regular expressions in one filter. */
  regexes: 100,
  /** Code units of one regular expression. */
  regexSourceLength: 1_024,
  /** Length of a regular expression times the sum of its `{n}` counts: bounds the time to compile it. */
  regexRepetition: 100_000,
  /** Instructions of one compiled regular expression: bounds the time to search with it. */
  regexProgramSize: 5_000,
} as const;
