import { fail, ok, type Result } from '@muster/protocol/errors';
import { expandIdentityRange, type RegexMatcher } from '@muster/protocol/filter';

/** Names that one range of a pattern may stand for: more would make a query that PostgreSQL chokes on. */
const largestRange = 1000;

/** What means the same in RE2 and in PostgreSQL, where PuppetDB evaluates it: other escapes and groups do not. */
const commonEscape = /^\\[dDsSwWtnrf\W_]$/;

const unsupported = (what: string) =>
  fail('discovery.unsupported', `Cannot use ${what} while using the 'puppetdb' discovery method`, {
    mend: 'Leave it out, or ask the fleet: --dm broadcast.',
  });

export const escapeRegex = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The regular expression as PuppetDB writes it. Errors: `discovery.unsupported` for what PostgreSQL understands otherwise. */
export function puppetRegex({ source, flags }: RegexMatcher): Result<string> {
  const odd = Array.from(source.matchAll(/\\[\s\S]|\(\?(?!:)/g), ([piece]) => piece).find(
    (piece) => !commonEscape.test(piece),
  );
  if (odd !== undefined) return unsupported(`\`${odd}\` in a regular expression`);
  if (/[ms]/.test(flags)) return unsupported(`the flag ${flags.replaceAll('i', '').charAt(0)} of a regular expression`);
  return ok(flags.includes('i') ? `(?i)${source}` : source);
}

/** An identity pattern as a regular expression over the whole name. Errors: those of {@link expandIdentityRange}. */
export function globRegex(pattern: string): Result<string> {
  let regex = '';
  for (const [piece] of pattern.matchAll(/\[[^\]]*\]?|[*?]|[^*?[]+/g)) {
    if (piece === '*') regex += '.*';
    else if (piece === '?') regex += '.';
    else if (/^\[[!^]/.test(piece)) regex += `[^${piece.slice(2, -1).replaceAll(/[\\^[\]]/g, '\\$&')}]`;
    else if (piece.startsWith('[')) {
      const names = expandIdentityRange(piece, largestRange);
      if (!names.ok) return names;
      regex += `(?:${names.value.map(escapeRegex).join('|')})`;
    } else regex += escapeRegex(piece);
  }
  return ok(`^${regex}$`);
}
