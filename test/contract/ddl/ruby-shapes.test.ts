import { readFile } from 'node:fs/promises';
import { convertAgentDdl, convertDataDdl, type ForeignDdl } from '@muster/protocol/ddl';
import { readRubyDdl } from '@muster/protocol/ruby-ddl';
import { describe, expect, it } from 'vitest';
import { writeRuby, type RubyStyle } from './ruby-writer.ts';

// Each shape of metadata, action, input, output and aggregate that 48 published DDLs have, with texts of our own.
const shapes = JSON.parse(
  await readFile(new URL('../../golden/ddl-shapes.json', import.meta.url), 'utf8'),
) as readonly ForeignDdl[];

const plain: RubyStyle = {
  pairs: 'arrows',
  quotes: 'double',
  blocks: 'do',
  parentheses: false,
  usage: '<<-',
  terse: false,
};
const styles: readonly (readonly [string, RubyStyle])[] = [
  ['the old way', plain],
  ['the new way', { ...plain, pairs: 'labels', quotes: 'single', usage: '<<~' }],
  ['with parentheses and braces', { ...plain, parentheses: true, blocks: 'braces', usage: 'quoted' }],
  ['tersely', { ...plain, pairs: 'labels', quotes: 'percent', parentheses: true, terse: true }],
];

describe.each(styles)('a DDL written %s', (_name, style) => {
  it.each(shapes.map((shape) => [shape.meta['name'], shape.meta['version'], shape] as const))(
    '%s %s',
    (_name, _version, shape) => {
      const result = readRubyDdl(writeRuby(shape, style));
      if (!result.ok) throw new Error(result.error.message);
      expect(result.value.document).toEqual(shape);
    },
  );
});

it('all shapes become DDLs of ours', () => {
  const refused = shapes.flatMap((shape) => {
    const isData = shape.actions[0]?.name === 'dataquery';
    const result = isData ? convertDataDdl(shape) : convertAgentDdl(shape);
    return result.ok ? [] : [[shape.meta['name'], result.error.message]];
  });
  expect(refused).toEqual([]);
});
