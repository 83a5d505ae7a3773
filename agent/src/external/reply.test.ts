import { describe, expect, it } from 'vitest';
import { ActionFailure } from '../plugins/index.ts';
import { parseReply, readActivation, readReply } from './reply.ts';

const nested = (levels: number) => `{"data":{"a":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`;

describe('the reply of an external agent', () => {
  it('may nest as deep as a message, and is refused beyond, whatever its size', () => {
    expect(parseReply(nested(64))).toMatchObject({ ok: true });
    for (const levels of [65, 3000, 500_000]) {
      expect(parseReply(nested(levels))).toMatchObject({
        ok: false,
        error: { code: 'message.malformed', message: 'wrote a reply that nests deeper than 64 levels' },
      });
    }
    expect(parseReply('{"data":')).toMatchObject({ ok: false, error: { code: 'message.malformed' } });
  });

  it('is data, or a failure in words', () => {
    expect(readReply('disk', { data: { used: 7 } })).toEqual({ used: 7 });
    expect(readReply('disk', { statuscode: 4 })).toEqual(new ActionFailure('Invalid Request Data', 4, {}));
    expect(readReply('disk', { statuscode: 9 })).toMatchObject({
      statusCode: 5,
      message: expect.stringMatching(
        /^The agent disk wrote a reply of another form than the protocol's at statuscode: /,
      ) as string,
    });
    expect([{ activate: true }, { activate: false }, {}].map(readActivation)).toEqual([true, false, undefined]);
  });
});
