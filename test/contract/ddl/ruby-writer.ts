import type { ForeignDdl, ForeignItem } from '@muster/protocol/ddl';

/** The habits of authors of DDLs. */
export interface RubyStyle {
  /** `:key => value` or `key: value`. */
  readonly pairs: 'arrows' | 'labels';
  readonly quotes: 'single' | 'double' | 'percent';
  readonly blocks: 'do' | 'braces';
  /** Arguments stand in parentheses. */
  readonly parentheses: boolean;
  readonly usage: '<<-' | '<<~' | 'quoted';
  /** Properties with the same value in all items stand in variables, lists of words in %w. */
  readonly terse: boolean;
}

const words = new Set(['type', 'display', 'function']);
const isWord = (text: string): boolean => /^[a-z]\w*$/.test(text);

function quote(text: string, { quotes }: RubyStyle): string {
  if (quotes === 'double') {
    const escaped = text.replaceAll(/["\\]|#(?=\{)/g, (char) => `\\${char}`).replaceAll('\n', '\\n');
    return `"${escaped}"`;
  }
  const [open, close] = quotes === 'single' ? ["'", "'"] : ['%q!', '!'];
  return `${open}${text.replaceAll(quotes === 'single' ? /['\\]/g : /[!\\]/g, (char) => `\\${char}`)}${close}`;
}

/** A value of a property. Regular expressions were written between slashes, names of validators and types as symbols. */
function write(value: unknown, key: string, style: RubyStyle): string {
  if (value === null) return 'nil';
  if (Array.isArray(value)) {
    const texts = value.filter((item) => typeof item === 'string' && /^\S+$/.test(item));
    if (style.terse && texts.length === value.length && value.length > 0) return `%w[${texts.join(' ')}]`;
    return `[${value.map((item) => write(item, '', style)).join(', ')}]`;
  }
  if (typeof value === 'object') return `{${pairs(Object.entries(value), style, ', ')}}`;
  if (typeof value !== 'string')
    return typeof value === 'number' && value % 1024 === 0 && value > 0
      ? `${value / 1024} * 1024`
      : JSON.stringify(value);
  const regex = /^\(\?-mix:([\s\S]*)\)$/.exec(value)?.[1];
  if (regex !== undefined) return style.terse ? `%r{${regex}}` : `/${regex}/`;
  if (words.has(key) || (key === 'validation' && isWord(value))) return `:${value}`;
  return quote(value, style);
}

const pairs = (entries: readonly (readonly [string, unknown])[], style: RubyStyle, between: string): string =>
  entries
    .map(([key, value]) =>
      style.pairs === 'arrows' ? `:${key} => ${write(value, key, style)}` : `${key}: ${write(value, key, style)}`,
    )
    .join(between);

function call(word: string, args: readonly string[], style: RubyStyle): string {
  return style.parentheses ? `${word}(${args.join(',\n    ')})` : `${word} ${args.join(',\n    ')}`;
}

function item(word: string, { name, ...properties }: ForeignItem, style: RubyStyle): string {
  const entries = Object.entries(properties);
  return call(word, [`:${name}`, ...(entries.length === 0 ? [] : [pairs(entries, style, ',\n    ')])], style);
}

const block = (head: string, body: readonly string[], style: RubyStyle): string =>
  style.blocks === 'do' ? `${head} do\n${body.join('\n')}\nend` : `${head} {\n${body.join('\n')}\n}`;

function action(entry: ForeignDdl['actions'][number], style: RubyStyle): string {
  const description = pairs([['description', entry.description]], style, '');
  const aggregates = entry.aggregate.map(([[name, output, ...more], options]) => {
    const given = more.map((argument) => write(argument, '', style));
    const own = options === null ? [] : [write(options, '', style)];
    return call('aggregate', [`${String(name)}(${[`:${String(output)}`, ...given].join(', ')})`, ...own], style);
  });
  const body = [
    ...(entry.display === undefined ? [] : [`  display :${entry.display} # who sees it`]),
    ...entry.inputs.map((input) => item('input', input, style)),
    ...entry.outputs.map((output) => item('output', output, style)),
    ...(aggregates.length === 0 ? [] : [block('summarize', aggregates, style)]),
  ];
  const braces = style.blocks === 'braces';
  const args = entry.name === 'dataquery' ? [description] : [quote(entry.name, style), description];
  const word = entry.name === 'dataquery' ? 'dataquery' : 'action';
  // Braces would belong to the last argument, so a call with a block in braces needs its parentheses.
  return block(call(word, args, { ...style, parentheses: braces || style.parentheses }), body, style);
}

function usage(text: string, style: RubyStyle): string {
  if (style.usage === 'quoted' || !text.endsWith('\n')) return call('usage', [quote(text, style)], style);
  const lines = text.slice(0, -1).split('\n');
  const escape = (line: string) => line.replaceAll(/\\|#(?=\{)/g, (char) => `\\${char}`);
  const indented = lines.map((line) => (line === '' || style.usage === '<<-' ? escape(line) : `    ${escape(line)}`));
  return `usage ${style.usage}USAGE\n${indented.join('\n')}\n  USAGE\n`;
}

/** A DDL in Ruby that says what a document says, in the manner of one of its authors. */
export function writeRuby({ meta, actions, requires = [], usage: text }: ForeignDdl, style: RubyStyle): string {
  return [
    '# encoding: utf-8',
    call('metadata', [pairs(Object.entries(meta), style, ',\n    ')], style),
    ...requires.map((needs) => call('requires', [pairs(Object.entries(needs), style, ', ')], style)),
    ...(text === undefined ? [] : [usage(text, style)]),
    ...actions.map((entry) => action(entry, style)),
    '',
  ].join('\n\n');
}
