import type { ActionDefinition } from '@muster/protocol/ddl';
import { encodeJson } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Reply } from '@muster/protocol/messages';
import type { ActionData } from '../plugins/index.ts';

/** Largest data of one reply, in bytes of JSON: 1 MiB. */
const dataBytes = 1024 * 1024;

/** Deepest nesting of data; the message around it needs some levels of its own. */
const deepest = 60;

type JsonValue = Reply['data'][string];

function toJson(value: unknown, path: string, depth: number): JsonValue {
  if (depth > deepest) throw new RangeError(`${path} is nested deeper than ${deepest} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((element, index) => toJson(element, `${path}[${index}]`, depth + 1));
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, toJson(member, `${path}.${name}`, depth + 1)]),
    );
  }
  throw new TypeError(`${path} is ${typeof value === 'object' ? 'an object with behaviour' : `a ${typeof value}`}`);
}

/** Defaults of the outputs that an action has not set. */
const withOutputDefaults = (action: ActionDefinition, data: ActionData): ActionData => ({
  ...Object.fromEntries(
    Object.entries(action.outputs).flatMap(([name, output]) =>
      output.default === undefined ? [] : [[name, output.default]],
    ),
  ),
  ...data,
});

/**
 * What an action gave, as data of a reply: JSON, at most 1 MiB, with the defaults of its outputs.
 *
 * Errors: `message.malformed` for what JSON cannot hold, `frame.oversized`.
 */
export function toReplyData(action: ActionDefinition, data: ActionData): Result<Reply['data']> {
  try {
    const entries = Object.entries(withOutputDefaults(action, data)).map(
      ([name, value]) => [name, toJson(value, name, 1)] as const,
    );
    const json = Object.fromEntries(entries);
    const size = encodeJson(json).length;
    return size > dataBytes
      ? fail('frame.oversized', `The result has ${size} bytes; the limit is ${dataBytes}`)
      : ok(json);
  } catch (thrown) {
    return fail(
      'message.malformed',
      `The result is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}
