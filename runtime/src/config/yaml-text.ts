import { fail, ok, type Result } from '@muster/protocol/errors';
import { isCollection, isNode, isScalar, LineCounter, visit, type Document, type Node } from 'yaml';
import { parseBoundedYaml } from './bounded-yaml.ts';

/** A YAML text that was read: its values, and where in the text they stand. */
export interface YamlText {
  readonly value: unknown;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Most uses of an anchor; with what is anchored inside one another, it bounds what a small text can grow to. */
const mostAliases = 100;

interface Misuse {
  readonly reason: string;
  readonly node: Node;
}

/**
 * Keys that stand twice, and aliases of nothing or of themselves. The library would look through all keys before each key and through the
 * whole document for each alias, which takes minutes where there are many.
 */
function findMisuse(document: Document): Misuse | undefined {
  const anchors = new Set<string>();
  let found: Misuse | undefined;
  const refuse = (reason: string, node: Node) => {
    found = { reason, node };
    return visit.BREAK;
  };
  visit(document, {
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias(_key, node, path) {
      const { source } = node;
      if (!anchors.has(source)) return refuse(`there is no &${source} before *${source}`, node);
      const inside = path.some((outer) => isCollection(outer) && outer.anchor === source);
      return inside ? refuse(`*${source} stands for what it is part of`, node) : undefined;
    },
    Map(_key, map) {
      if (map.anchor !== undefined) anchors.add(map.anchor);
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) return refuse('Map keys must be unique', key);
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

/** The stack may also end while the library takes a text apart. */
const tooDeep = ({ message }: RangeError): string =>
  message.startsWith('Maximum call stack') ? 'it is nested too deeply' : message;

/** What is wrong with a text, by its offset, or the values in it. */
function read(text: string, lines: LineCounter): YamlText | { readonly reason: string; readonly at: number } {
  // Errors are put into words here: the library's own words quote the text for each of them, however many there are.
  const document = parseBoundedYaml(text, {
    lineCounter: lines,
    strict: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error !== undefined) return { reason: error.message, at: error.pos[0] };
  const misuse = findMisuse(document);
  if (misuse !== undefined) return { reason: misuse.reason, at: misuse.node.range?.[0] ?? 0 };
  return { value: document.toJS({ maxAliasCount: mostAliases }), document, lines };
}

/**
 * Reads a YAML text. The message of a fault begins with `FILE:LINE:`.
 *
 * Errors: `config.syntax`, also for keys that stand twice, for what nests too deep, and for too many uses of an anchor.
 */
export function readYamlText(text: string, file: string): Result<YamlText> {
  const lines = new LineCounter();
  const broken = (reason: string, line: number) =>
    fail('config.syntax', `${file}:${line}: ${reason}`, { mend: 'Correct the YAML at that line.' });
  try {
    const result = read(text, lines);
    return 'reason' in result ? broken(result.reason, lines.linePos(result.at).line) : ok(result);
  } catch (thrown) {
    // What nests too deep, and what would grow too large by its aliases.
    if (thrown instanceof RangeError) return broken(tooDeep(thrown), 1);
    if (thrown instanceof ReferenceError) return broken(thrown.message, 1);
    throw thrown;
  }
}

/** The line, counted from 1, where a node of the document begins; undefined when it is none. */
export const lineOfNode = (node: unknown, lines: LineCounter): number | undefined =>
  isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
