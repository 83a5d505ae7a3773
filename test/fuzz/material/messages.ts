import assert from 'node:assert/strict';
import { decodeJson, encodeJson, limits, type Opened } from '@muster/protocol/envelope';
import { unwrap, type Result } from '@muster/protocol/errors';
import type { Role } from '@muster/protocol/identity';
import { assertFault } from '../promises.ts';
import type { FuzzTarget } from '../target.ts';

const senderIn = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'sender' in body && typeof body.sender === 'string'
    ? body.sender
    : 'nobody';

/** A target that parses bodies as one kind of message, as if their sender had signed them: quick, for nothing is signed. */
export const messageTarget = (kind: {
  readonly about: string;
  readonly role: Role;
  readonly parse: (opened: Opened) => Result<unknown>;
  readonly starts: readonly object[];
}): FuzzTarget => ({
  about: kind.about,
  maxBytes: limits.bodyBytes + 16,
  json: true,
  starts: kind.starts.map((message) => JSON.stringify(message)),
  run(input) {
    const body = decodeJson(input);
    if (!body.ok) {
      assertFault(body.error, { codes: /^message\.malformed$/ });
      return;
    }
    const principal = { role: kind.role, name: senderIn(body.value), fingerprint: '0'.repeat(64) };
    const message = kind.parse({ principal, body: body.value });
    if (!message.ok) {
      assertFault(message.error, { codes: /^(message\.malformed|sender\.mismatch)$/ });
      return;
    }
    assert.deepEqual(message.value, body.value, 'parsing changes nothing and leaves nothing out');
    const sent = encodeJson(message.value);
    assert.deepEqual(encodeJson(unwrap(decodeJson(sent))), sent, 'what is sent on is what came');
    const stranger = { ...principal, name: `not.${principal.name}`.slice(0, 255) };
    assert.equal(kind.parse({ principal: stranger, body: body.value }).ok, false, 'a stranger signed it');
  },
});
