import assert from 'node:assert/strict';
import { parseFacts } from '../../../agent/src/facts/parse-facts.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

export const openTarget = (): FuzzTarget => ({
  about: 'A file of facts in YAML, JSON or lines: a map of JSON values, or refused with the name of the file.',
  maxBytes: 64 * 1024,
  json: true,
  words: [
    '\n',
    '=',
    ': ',
    '- ',
    '&a ',
    '*a',
    '{',
    '}',
    '[',
    ']',
    '#',
    '.inf',
    '.nan',
    '2024-01-02',
    '0x10',
    '!!binary ',
  ],
  starts: [
    'os: { name: Debian, release: { major: "12" } }\nlist: [1, x, null, true]\nwhen: 2024-01-02\nhuge: .inf\n',
    'base: &b { a: 1 }\ncopy: *b\ntext: |\n  two\n  lines\n',
    '{"a": {"b": [null, true, 1.5]}, "c": "d"}',
    '# a comment\nrole=web\r\n url = http://x/?a=b \nnothing\n',
  ],
  run(input) {
    for (const file of ['facts.yaml', 'facts.json', 'facts.txt']) {
      const facts = parseFacts(file, toText(input));
      if (!facts.ok) {
        assertFault(facts.error, { codes: /^facts\.unreadable$/ });
        assert.ok(facts.error.message.startsWith(file), 'a fault names the file');
        continue;
      }
      const sent = JSON.stringify(facts.value);
      assert.equal(JSON.stringify(JSON.parse(sent)), sent, 'facts travel as they are');
    }
  },
});
