/** The words of a command line up to the cursor. */
export interface TypedLine {
  /** The words that are complete, without the name of the program. */
  readonly words: readonly string[];
  /** The word that is being typed, as the shell will see it; empty after a blank. */
  readonly current: string;
  /** The same as it stands there, with its quotes. */
  readonly raw: string;
}

interface Word {
  text: string;
  raw: string;
}

/** Splits a command line as shells do: at blanks, with quotes and backslashes; a quote that is not closed ends with the line. */
export function splitLine(line: string): TypedLine {
  const words: Word[] = [];
  let word: Word | null = null;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote === '' && /\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    word ??= { text: '', raw: '' };
    word.raw += char;
    if (char === '\\' && quote !== "'" && at + 1 < line.length) {
      at += 1;
      word.raw += line.charAt(at);
      word.text += line.charAt(at);
    } else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else word.text += char;
  }
  const [, ...complete] = words.map(({ text }) => text);
  return { words: complete, current: word?.text ?? '', raw: word?.raw ?? '' };
}
