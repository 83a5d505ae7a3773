import { describe, expect, it } from 'vitest';
import { parseNodeList } from './node-list.ts';

const read = (text: string) => parseNodeList(text, 'nodes.txt');

describe('lists of nodes', () => {
  it.each([
    ['lines', 'a\n\n# comment\n  b.example.com  \r\na\n', ['a', 'b.example.com']],
    ['a byte order mark', '\ufeffa\nb', ['a', 'b']],
    ['names in JSON', '["a","b"]', ['a', 'b']],
    ['the answers of a run', '\n{"agent":"x","replies":[{"sender":"a","statuscode":1},{"sender":"b"}]}', ['a', 'b']],
    ['answers alone', '[{"sender":"a"}]', ['a']],
    ['PuppetDB', '[{"certname":"a"}]', ['a']],
  ])('%s', (_what, text, value) => expect(read(text)).toEqual({ ok: true, value }));

  it.each([
    ['a\n# x\nb c\n', 'nodes.txt, line 3: "b c" is not a valid identity'],
    ['a\n\u001b[2J', 'nodes.txt, line 2:'],
    ['', 'nodes.txt names no nodes'],
    ['# nobody\n', 'nodes.txt names no nodes'],
    ['[]', 'nodes.txt names no nodes'],
    ['{"replies":[]}', 'nodes.txt names no nodes'],
    ['["a",7]', 'nodes.txt, element 2: neither a name'],
    ['["a","b/c"]', 'nodes.txt, element 2: "b/c" is not a valid identity'],
    ['[{"name":"a"}]', 'nodes.txt, element 1: neither a name'],
    ['{"x":1}', 'neither a list nor the answers of a run'],
    ['{"error":{"code":"x","message":"No broker answers"}}', 'since the earlier command failed: No broker answers'],
    ['[{"sender":"a"}', 'nodes.txt is not JSON'],
  ])('refuses %j', (text, message) => {
    const result = read(text);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'list.malformed', message: expect.stringContaining(message) as string },
    });
  });
});
