import { fail, ok, type Result } from '../errors/index.ts';
import type { InputDefinition } from './schema.ts';

const yes = /^(true|t|yes|y|1)$/i;
const no = /^(false|f|no|n|0)$/i;

/**
 * A value as typed on a command line or in a form, in the type that the input has. Its fit is not checked here.
 *
 * Errors: `request.invalid_input` when the text cannot be read as that type.
 */
export function readTextInput(key: string, input: InputDefinition, text: string): Result<unknown> {
  // A secret is not shown, not even where it is wrong.
  const shown = input.sensitive ? 'the value' : `"${text.slice(0, 80)}"`;
  switch (input.type) {
    case 'string':
    case 'list':
      return ok(text);
    case 'boolean':
      if (yes.test(text)) return ok(true);
      if (no.test(text)) return ok(false);
      return fail('request.invalid_input', `${key}: ${shown} does not look like a boolean argument`);
    case 'integer':
    case 'float':
    case 'number':
      if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return ok(Number(text));
      return fail('request.invalid_input', `${key}: ${shown} does not look like a number`);
    case 'array':
    case 'hash':
      try {
        const value: unknown = JSON.parse(text);
        return ok(value);
      } catch {
        return fail('request.invalid_input', `${key}: ${shown} is not JSON`);
      }
  }
}
