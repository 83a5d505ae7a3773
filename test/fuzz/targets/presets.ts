import assert from 'node:assert/strict';
import { readDocument } from '../../../client/src/presets/read-document.ts';
import { goodFilters } from '../material/filters.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

const document = {
  protocol: 'muster.presets.v1',
  presets: [
    { name: 'web servers', description: 'All', tags: ['eu', 'web'], filter: 'role::web and os.family=Debian' },
    {
      name: 'db',
      description: '',
      tags: [],
      filter: '',
      collective: 'eu',
      discovery: { method: 'broadcast', options: { window: '2' } },
    },
    {
      name: 'Ünï',
      description: '',
      tags: [],
      filter: '@identity=web*',
      discovery: { method: 'puppetdb', options: { pql: 'nodes{}', ast: ['a'] } },
    },
  ],
  groups: [
    {
      name: 'mail',
      description: '',
      tags: ['eu'],
      identities: ['b.example.com', 'a.example.com'],
      filter: null,
      groups: [],
    },
    { name: 'all', description: 'x', tags: [], identities: [], filter: 'os=linux', groups: ['mail', 'Mail'] },
  ],
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const openTarget = (): FuzzTarget => ({
  about: 'A document of presets and groups from somebody else: taken over as it will be stored, or refused.',
  maxBytes: 256 * 1024,
  json: true,
  words: goodFilters.filter((filter) => filter.length < 40),
  starts: [JSON.stringify(document)],
  run(input) {
    const json = parse(toText(input));
    const read = readDocument(json);
    if (!read.ok) {
      assertFault(read.error, { codes: /^preset\.malformed$/ });
      return;
    }
    assert.deepEqual(readDocument(JSON.parse(JSON.stringify(read.value))), read, 'what is stored reads back as it is');
  },
});
