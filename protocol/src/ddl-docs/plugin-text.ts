import type { AgentDdl, DataDdl } from '../ddl/index.ts';
import { pluginDoc, type DocItem, type DocPart } from './plugin-doc.ts';

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** Text in lines of at most `width` characters where words allow it, each behind `indent`. */
function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}`.trimEnd() + '\n').join('');
}

function itemText({ name, facets, title, text }: DocItem, part: DocPart, width: number): string {
  const words = facets
    .map((facet) => (typeof facet === 'string' ? facet : facet.code))
    .map(onOneLine)
    .join(', ');
  if (part.title === 'Aggregates') return `    ${words} of ${name}\n`;
  const head = `    ${name} (${words})${title === undefined ? '' : `, “${onOneLine(title)}”`}\n`;
  return text === '' ? head : `${head}${wrap(text, width, '        ')}`;
}

/** One agent or data plugin for a terminal of that many columns. `bold` marks headings. */
export function pluginText(ddl: AgentDdl | DataDdl, width: number, bold: (text: string) => string): string {
  const { name, kind, metadata, usage, sections } = pluginDoc(ddl);
  const label = Math.max(...metadata.map(([key]) => key.length)) + 1;
  const head = [
    `${bold(name)}  ${kind}\n`,
    wrap(ddl.description, width, ''),
    '\n',
    ...metadata.flatMap(([key, value]) => (value === '' ? [] : [`${`${key}:`.padEnd(label)} ${onOneLine(value)}\n`])),
  ];
  const more = usage === undefined ? '' : `\n${usage.trimEnd()}\n`;
  const body = sections.map(({ name: action, sentences, parts }) => {
    const own = kind === 'agent' ? `\n${bold(action)}\n${wrap(`${sentences.join('. ')}.`, width, '  ')}` : '';
    const lists = parts.map(
      (part) => `\n  ${part.title}:\n${part.items.map((item) => itemText(item, part, width)).join('')}`,
    );
    return own + lists.join('');
  });
  return [...head, more, ...body].join('');
}
