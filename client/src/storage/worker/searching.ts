const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** A pattern for LIKE that finds `text` anywhere; `\` escapes. */
export const containing = (text: string): string => `%${escaped(text)}%`;

/** A pattern for LIKE that finds `text` at the start; `\` escapes. */
export const startingWith = (text: string): string => `${escaped(text)}%`;
