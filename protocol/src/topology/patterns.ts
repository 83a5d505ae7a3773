/** Text as a regular expression that stands for itself. */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');

/** A regular expression for whole names that any of these cover. */
export const anyOf = (...alternatives: readonly string[]): string => `^(${alternatives.join('|')})$`;
