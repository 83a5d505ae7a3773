/** A pattern for LIKE that finds `text` anywhere; `\` escapes. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
