import { parse, type AnyNode } from '@humanwhocodes/momoa';

/** A place in a text file, from 1 each. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

/** A JSON text that was read, and where things stand in it. */
export interface PlacedJson {
  readonly value: unknown;
  /** Where the value at a path begins, or its key; for what is not there, where the innermost part begins that is. */
  placeOf(path: readonly (string | number)[], atKey?: boolean): FilePlace;
  /** Keys that stand twice in their object, at the second. */
  readonly duplicateKeys: readonly { readonly key: string; readonly place: FilePlace }[];
}

export interface JsonFault extends FilePlace {
  readonly message: string;
}

const placeOf = ({ loc }: AnyNode): FilePlace => ({ line: loc.start.line, column: loc.start.column });

/** The child of a node, and the node of its key. */
function child(node: AnyNode, key: string | number): readonly [AnyNode, AnyNode] | undefined {
  if (node.type === 'Array' && typeof key === 'number') {
    const element = node.elements[key];
    return element === undefined ? undefined : [element.value, element.value];
  }
  if (node.type !== 'Object') return undefined;
  const member = node.members.findLast(({ name }) => name.type === 'String' && name.value === String(key));
  return member === undefined ? undefined : [member.value, member.name];
}

function findDuplicates(node: AnyNode): PlacedJson['duplicateKeys'] {
  if (node.type === 'Array') return node.elements.flatMap(({ value }) => findDuplicates(value));
  if (node.type !== 'Object') return [];
  const seen = new Set<string>();
  return node.members.flatMap(({ name, value }) => {
    const key = name.type === 'String' ? name.value : '';
    const twice = seen.has(key);
    seen.add(key);
    return [...(twice ? [{ key, place: placeOf(name) }] : []), ...findDuplicates(value)];
  });
}

interface ParserError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}
const isParserError = (thrown: unknown): thrown is ParserError =>
  thrown instanceof Error && 'line' in thrown && 'column' in thrown;

/** Reads JSON with places. Never throws. */
export function readPlacedJson(text: string): PlacedJson | JsonFault {
  try {
    const { body } = parse(text, { mode: 'json' });
    // The value comes from the language itself: the tree is there for the places.
    const value: unknown = JSON.parse(text);
    return {
      value,
      placeOf(path, atKey = false) {
        let node: AnyNode = body;
        let place = placeOf(node);
        for (const [index, key] of path.entries()) {
          const found = child(node, key);
          if (found === undefined) break;
          node = found[0];
          place = placeOf(atKey && index === path.length - 1 ? found[1] : node);
        }
        return place;
      },
      duplicateKeys: findDuplicates(body),
    };
  } catch (thrown) {
    const message = (thrown instanceof Error ? thrown.message : String(thrown)).replace(/ \(\d+:\d+\)$/, '');
    return isParserError(thrown)
      ? { message, line: thrown.line, column: thrown.column }
      : { message, line: 1, column: 1 };
  }
}
