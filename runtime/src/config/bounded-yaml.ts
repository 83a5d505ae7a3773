import {
  Composer,
  Parser,
  YAMLParseError,
  type CST,
  type Document,
  type DocumentOptions,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml';

/** Deepest nesting of maps and lists, counted with the keys and values in them. */
const deepest = 100;

/** What stands in a token, one level down. */
function partsOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part != null));
}

/** Whether tokens nest deeper than {@link deepest}, found level by level, without recursion. */
function nestsTooDeep(tokens: readonly CST.Token[]): boolean {
  let level = tokens.flatMap(partsOf);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest) return true;
    level = level.flatMap(partsOf);
  }
  return false;
}

/**
 * A document with its errors, as the library's `parseDocument` gives it; but what nests too deep is refused before the library
 * goes down into it: near the end of the stack it tries again at every level, and two kilobytes may take it for ever.
 *
 * Throws a `RangeError` for what nests too deep.
 */
export function parseBoundedYaml(text: string, options: ParseOptions & DocumentOptions & SchemaOptions): Document {
  const tokens = [...new Parser(options.lineCounter?.addNewLine).parse(text)];
  if (nestsTooDeep(tokens)) throw new RangeError(`it is nested deeper than ${deepest} levels`);
  const [document, another] = new Composer(options).compose(tokens, true, text.length);
  if (document === undefined) throw new TypeError('a composer that is forced gives a document');
  if (another !== undefined && options.logLevel !== 'silent') {
    const { range } = another;
    document.errors.push(new YAMLParseError([range[0], range[1]], 'MULTIPLE_DOCS', 'There is more than one document'));
  }
  return document;
}
