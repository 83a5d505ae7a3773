/** What a piece of a filter is, for its colour. */
export type TokenKind = 'keyword' | 'special' | 'operator' | 'string' | 'regex' | 'bracket' | 'value' | 'name';

export interface FilterToken {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

const pieces =
  /(?<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(?<special>@[\w-]*)|(?<operator>==|=~|=>|=<|!=|!~|<=|>=|[=<>!])|(?<bracket>[()])|(?<regex>\/(?:[^/\\]|\\.)*\/?[a-z]*)|(?<word>[^\s()'"=<>!~]+)|~/gu;

const keywords = new Set(['and', 'or', 'not']);

/** The pieces of a text that may not be a filter yet. */
export function filterTokens(text: string): readonly FilterToken[] {
  const tokens: FilterToken[] = [];
  let isValueNext = false;
  for (const match of text.matchAll(pieces)) {
    const [whole] = match;
    const start = match.index;
    const { word, string, special, operator, bracket, regex } = match.groups ?? {};
    const kind: TokenKind =
      string !== undefined
        ? 'string'
        : special !== undefined
          ? 'special'
          : operator !== undefined
            ? 'operator'
            : bracket !== undefined
              ? 'bracket'
              : regex !== undefined
                ? 'regex'
                : isValueNext
                  ? 'value'
                  : keywords.has(word ?? '') && !/^(?:=|!=|!~|<|>)/.test(text.slice(start + whole.length))
                    ? 'keyword'
                    : 'name';
    isValueNext = kind === 'operator' && whole !== '!';
    tokens.push({ kind, start, end: start + whole.length });
  }
  return tokens;
}
