import { fail, ok, type ErrorCode, type Result } from '@muster/protocol/errors';

/** What a file with JSON holds, whatever that is. Errors: `malformed`. */
export function readJsonFile(text: string, malformed: ErrorCode): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown); // whatever it is, the engine looks at it
  } catch (thrown) {
    return fail(malformed, `The file is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
