import { fail, ok, type Result } from '../errors/index.ts';
import { textNesting } from './json-nesting.ts';
import { limits } from './limits.ts';

// Every JavaScript runtime has these two; `protocol` takes its types from neither Node nor the DOM.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean });
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const encodeJson = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

/** Reads a body as JSON; `deepest` is how deep it may nest. Errors: `message.malformed` for anything that is not UTF-8, not JSON, or nested too deep. */
export function decodeJson(bytes: Uint8Array, deepest: number = limits.jsonDepth): Result<unknown> {
  try {
    const text = decoder.decode(bytes);
    if (textNesting(text, deepest) > deepest) {
      return fail('message.malformed', `The body nests deeper than ${deepest} levels`);
    }
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch {
    return fail('message.malformed', 'The body is not JSON in UTF-8');
  }
}
