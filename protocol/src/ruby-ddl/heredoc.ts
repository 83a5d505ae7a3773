import { RubyRefusal } from './refusal.ts';
import { readPiece, TextParts } from './text-reader.ts';
import type { TextPart, Token } from './token.ts';

export interface Heredoc {
  /** Length of `<<~NAME`. */
  readonly headLength: number;
  readonly parts: readonly TextPart[];
  /** Offset of the line behind the one that ends it. */
  readonly end: number;
}

/** Width of the blanks that all lines with text begin with. */
function commonIndent(text: string): number {
  const indents = text.split('\n').flatMap((line) => (/\S/.test(line) ? [line.length - line.trimStart().length] : []));
  return indents.length === 0 ? 0 : Math.min(...indents);
}

/** End of the body and begin of what follows: a line that holds nothing but the name ends it, indented unless it is `<<NAME`. */
function findEnd(text: string, body: number, name: string, indented: boolean): readonly [number, number] | undefined {
  for (let line = body; line < text.length;) {
    const newline = text.indexOf('\n', line);
    const lineEnd = newline === -1 ? text.length : newline;
    const content = text.slice(line, lineEnd).replace(/\r$/, '');
    if ((indented ? content.trimStart() : content) === name) return [line, newline === -1 ? lineEnd : lineEnd + 1];
    line = lineEnd + 1;
  }
  return undefined;
}

/**
 * The heredoc whose head (`<<NAME`, `<<-NAME`, `<<~NAME`, with or without quotes) stands at `at` and whose body begins at
 * `body`; undefined where no head stands.
 */
export function readHeredoc(
  text: string,
  at: number,
  body: number,
  embedded: (at: number) => { readonly tokens: readonly Token[]; readonly end: number },
): Heredoc | undefined {
  const head = /^<<([-~]?)(?:(["'])([^"'\n]+)\2|([A-Za-z_]\w*))/.exec(text.slice(at, at + 200));
  if (head === null) return undefined;
  const [all, style = '', quote = '', quotedName, plainName] = head;
  const name = quotedName ?? plainName ?? '';
  const found = findEnd(text, body, name, style !== '');
  if (found === undefined)
    throw new RubyRefusal(`the text that begins here has no line ${name} to end it`, at, at + all.length);
  const [end, next] = found;
  const indent = style === '~' ? commonIndent(text.slice(body, end)) : 0;
  const parts = new TextParts();
  const quoted = { close: '', interpolates: quote !== "'" };
  for (let offset = body; offset < end;) {
    const atLineStart = offset === body || text.charAt(offset - 1) === '\n';
    if (atLineStart && indent > 0) offset += /^[ \t]*/.exec(text.slice(offset, offset + indent))?.[0].length ?? 0;
    if (offset >= end) break;
    if (quote === "'") {
      parts.add(text.charAt(offset));
      offset++;
    } else offset = readPiece(text, offset, quoted, parts, embedded);
  }
  // Offsets are the file's own, so line ends of Windows are still in the text.
  return {
    headLength: all.length,
    parts: parts.list().map((part) => (typeof part === 'string' ? part.replaceAll('\r\n', '\n') : part)),
    end: next,
  };
}
