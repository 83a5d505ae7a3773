/** Control characters, and format characters such as the marks that turn the direction of text; not tab and line feed. */
const unsafe = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n]]/gv;

/** Each code unit as `\u001b`: readable, and the same text again where it stands in JSON. */
const escaped = (characters: string): string =>
  characters
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/**
 * Text from elsewhere as it may be shown: what could move a terminal's cursor, change colours, ring, or turn the
 * direction of text is shown as `\u001b`. Tabs and line feeds stay.
 */
export function cleanText(text: string): string {
  return text.replaceAll(unsafe, escaped);
}

/** As {@link cleanText}, and on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** JSON that is safe to show too, with the same meaning: what `JSON.stringify` leaves raw is escaped. */
export function cleanJson(value: object | string | number | boolean | null, indent?: number): string {
  return cleanText(JSON.stringify(value, null, indent));
}
