import { isMap, isNode, isScalar, type Document, type YAMLMap } from 'yaml';
import type { SectionEdit } from './edit-yaml.ts';

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Item = YAMLMap['items'][number];

const literal = (value: string | number | boolean): string => JSON.stringify(value);

const rangeOf = (node: unknown): readonly [number, number] | null =>
  isNode(node) && node.range ? [node.range[0], node.range[1]] : null;

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** How a setting that is there gets another value, or goes; null where that is not plain. */
function changed(text: string, { key, value: node }: Item, value: SectionEdit[string]): Splice | null {
  const [name, old] = [rangeOf(key), rangeOf(node)];
  if (name === null || old === null || !isScalar(node)) return null;
  if (value === null) return { start: lineStart(text, name[0]), end: lineEnd(text, old[1]), text: '' };
  return { start: old[0], end: old[1], text: literal(value) };
}

/** How a setting is put below the others; null where that is not plain. */
function added(text: string, map: YAMLMap, line: string): Splice | null {
  const [first, last] = [rangeOf(map.items[0]?.key), rangeOf(map.items.at(-1)?.value)];
  if (first === null || last === null) return null;
  const indent = text.slice(lineStart(text, first[0]), first[0]);
  const at = lineEnd(text, last[1]);
  return { start: at, end: at, text: `${text.endsWith('\n') || at < text.length ? '' : '\n'}${indent}${line}\n` };
}

/**
 * A YAML text in which nothing but some settings of a section is written anew, where each stands on a line of its own; null where that is not plain.
 * What comes of it is to be read again: this knows lines, not all of YAML.
 */
export function spliceYaml(text: string, document: Document, section: string, settings: SectionEdit): string | null {
  const map: unknown = document.get(section, true);
  const given = Object.entries(settings);
  if (map === undefined) {
    const lines = given.flatMap(([name, value]) => (value === null ? [] : [`  ${name}: ${literal(value)}\n`]));
    const end = text === '' || text.endsWith('\n') ? '' : '\n';
    return lines.length === 0 ? text : `${text}${end}${section}:\n${lines.join('')}`;
  }
  if (!isMap(map) || map.flow === true) return null;
  const splices: (Splice | null)[] = given.flatMap(([name, value]) => {
    const item = map.items.find(({ key }) => isScalar(key) && key.value === name);
    if (item !== undefined) return [changed(text, item, value)];
    return value === null ? [] : [added(text, map, `${name}: ${literal(value)}`)];
  });
  let written = text;
  for (const splice of splices.toReversed().toSorted((a, b) => (b?.start ?? 0) - (a?.start ?? 0))) {
    if (splice === null) return null;
    written = written.slice(0, splice.start) + splice.text + written.slice(splice.end);
  }
  return written;
}
