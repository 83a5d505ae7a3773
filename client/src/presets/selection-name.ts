import { nameLength, namePattern } from '@muster/protocol/bridge';
import { fail, ok, type ErrorCode, type Result } from '@muster/protocol/errors';

/** What tells names apart: two that differ in case, or only in how Unicode writes them, are one. */
export const nameKey = (name: string): string => name.trim().normalize('NFC').toLowerCase();

const mend = `A name has letters and digits, and between them also blanks and . _ : @ + -; at most ${nameLength} characters.`;

/** The name without blanks around it. Errors: `code`; `what` says in the message what would have had the name. */
export function checkName(name: string, what: string, code: ErrorCode): Result<string> {
  const trimmed = name.trim().normalize('NFC');
  if (trimmed === '') return fail(code, `The ${what} has no name`, { mend });
  if (trimmed.length <= nameLength && namePattern.test(trimmed)) return ok(trimmed);
  const shown = JSON.stringify(trimmed.slice(0, 80));
  return fail(code, `${shown} cannot be the name of a ${what}`, { mend });
}
