import { jsonLanguage } from '@codemirror/lang-json';

/** Where a text stops being JSON, in UTF-16 code units from its beginning; its length when it ends too early. */
export interface JsonFault {
  readonly position: number;
  /** The character that does not belong there; null at the end. */
  readonly found: string | null;
}

/** What is wrong with a text that should be JSON; null when nothing is, or when it is empty. */
export function findJsonFault(text: string): JsonFault | null {
  if (text.trim() === '') return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    // The engine's own message tells the place in some cases only.
    let position = text.length;
    jsonLanguage.parser.parse(text).iterate({
      enter: ({ type, from }) => {
        if (type.isError) position = Math.min(position, from);
      },
    });
    const rest = text.slice(position);
    const start = position + rest.length - rest.trimStart().length;
    return start >= text.length
      ? { position: text.length, found: null }
      : { position: start, found: text[start] ?? null };
  }
}
