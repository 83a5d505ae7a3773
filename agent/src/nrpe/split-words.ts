import { fail, ok, type Result } from '@muster/protocol/errors';

/** What a shell would do more with than take it as it is. */
const shellOnly = new Set('|&;<>()`');

const macro = /^\$ARG(\d{1,2})\$/;

/**
 * A command line as words, by the rules of a shell for blanks, quotes and backslashes, and with `$ARGn$` replaced inside its
 * word: what an argument holds is never looked at. A word without quotes that is empty then vanishes.
 *
 * Errors: `config.invalid` for quotes without an end, and for what only a shell could do: pipes, redirections, variables.
 */
export function splitWords(line: string, args: readonly string[]): Result<readonly string[]> {
  const words: string[] = [];
  let word = '';
  let isQuoted = false;
  let quote = '';
  const endWord = (): void => {
    if (word !== '' || isQuoted) words.push(word);
    word = '';
    isQuoted = false;
  };
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    const [found, number] = macro.exec(line.slice(at)) ?? [];
    if (found !== undefined) {
      word += args[Number(number) - 1] ?? '';
      at += found.length - 1;
    } else if (quote === "'") {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '\\') {
      const next = line.charAt(++at);
      word += quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next;
    } else if (char === '$' || char === '`' || (quote === '' && shellOnly.has(char))) {
      return fail('config.invalid', `The command line uses ${char}, which only a shell understands: ${line}`);
    } else if (char === quote) quote = '';
    else if (quote !== '') word += char;
    else if (char === '"' || char === "'") {
      quote = char;
      isQuoted = true;
    } else if (/\s/.test(char)) endWord();
    else word += char;
  }
  if (quote !== '') return fail('config.invalid', `The command line has a ${quote} without another: ${line}`);
  endWord();
  return ok(words);
}
