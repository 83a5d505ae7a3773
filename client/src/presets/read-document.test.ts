import { describe, expect, it } from 'vitest';
import { readDocument } from './read-document.ts';

const preset = { name: 'web', description: '', tags: [], filter: 'role::web' };
const group = { name: 'eu', description: '', tags: [], identities: ['a'], filter: null, groups: [] };
const documentOf = (more: object) => ({ protocol: 'muster.presets.v1', presets: [], groups: [], ...more });

describe('documents of presets and groups', () => {
  it('are brought to the form in which they are stored', () => {
    const read = readDocument(
      documentOf({
        presets: [{ ...preset, name: ' Web  ', tags: ['b', 'A', 'B'], filter: 'os==linux   and  (a or b)' }],
        groups: [{ ...group, identities: ['b', 'a', 'b'], groups: ['X', 'x'] }],
      }),
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        presets: [{ name: 'Web', tags: ['A', 'b'], filter: 'os=linux and (a or b)' }],
        groups: [{ identities: ['a', 'b'], groups: ['X'] }],
      },
    });
  });

  it.each([
    [null, 'no document of Muster presets'],
    [[], 'no document of Muster presets'],
    [{ ...documentOf({}), protocol: 'muster.presets.v2' }, 'no document of Muster presets'],
    [documentOf({ presets: [preset, { ...preset, name: 'db', filter: 7 }] }), 'presets[1] "db", filter: '],
    [documentOf({ presets: [{ ...preset, filter: 'os = (' }] }), 'presets[0] "web": '],
    [
      documentOf({ presets: [preset, { ...preset, name: 'WEB' }] }),
      'presets[1] "WEB": the document has this name twice',
    ],
    [documentOf({ presets: [{ ...preset, name: 'a\u001b[2J' }] }), 'presets[0] "a\u001b[2J": '],
    [documentOf({ groups: [group, { ...group, name: '' }] }), 'groups[1] "": The group has no name'],
    [documentOf({ groups: [{ ...group, identities: ['b/c'] }] }), 'groups[0] "eu", identities.0: '],
    [documentOf({ groups: [{ ...group, identities: [] }] }), 'has neither nodes nor a filter nor groups'],
    [documentOf({ groups: ['x'] }), 'groups[0]: '],
    [documentOf({ groups: {} }), 'groups: '],
  ])('that are wrong say where: %j', (document, message) => {
    expect(readDocument(document)).toMatchObject({
      ok: false,
      error: { code: 'preset.malformed', message: expect.stringContaining(message) as string },
    });
  });
});
