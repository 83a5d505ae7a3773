import assert from 'node:assert/strict';
import { parseNodeList } from '@muster/client/discovery';
import { identityPattern } from '@muster/protocol/identity';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

export const openTarget = (): FuzzTarget => ({
  about: 'A list of nodes, a name a line or JSON: names that can be ones, each once, or refused.',
  maxBytes: 256 * 1024,
  json: true,
  words: ['\n', '\r\n', '#', '"sender"', '"certname"', '"nodes"', '"replies"', '"error"', '"message"', '\ufeff', ','],
  starts: [
    'web01\n# mail\r\n\n  b.example.com  \nweb01\n',
    '["a","b.example.com"]',
    '{"agent":"x","replies":[{"sender":"a","statuscode":1},{"sender":"b"}]}',
    '{"nodes":["a",{"certname":"c"}]}',
    '{"error":{"code":"x","message":"No broker answers"}}',
    '\ufeff[{"certname":"a"}]',
  ],
  run(input) {
    const list = parseNodeList(toText(input), 'nodes.txt');
    if (!list.ok) {
      assertFault(list.error, { codes: /^list\.malformed$/ });
      return;
    }
    assert.ok(list.value.length > 0);
    assert.equal(new Set(list.value).size, list.value.length, 'a name stands twice');
    for (const name of list.value) assert.match(name, identityPattern);
    assert.deepEqual(parseNodeList(list.value.join('\n'), 'nodes.txt'), list, 'what was read reads back as it is');
  },
});
