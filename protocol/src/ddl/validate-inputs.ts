import { RE2JS } from 're2js';
import { fail, ok, type Result } from '../errors/index.ts';
import type { ActionDefinition, InputDefinition } from './schema.ts';
import { validators } from './validators.ts';

const invalid = (key: string, reason: string) =>
  fail('request.invalid_input', `Cannot validate input ${key}: ${reason}`);

function checkString(key: string, input: InputDefinition, value: string): Result<null> {
  const { maxlength = 0, validation } = input;
  if (maxlength > 0 && value.length > maxlength) return invalid(key, `longer than ${maxlength} characters`);
  if (validation === undefined) return ok(null);
  const validator = Object.hasOwn(validators, validation) ? validators[validation] : undefined;
  if (validator !== undefined)
    return validator.accepts(value) ? ok(null) : invalid(key, `must be ${validator.meaning}`);
  try {
    return RE2JS.compile(validation).matcher(value).find() ? ok(null) : invalid(key, `must match ${validation}`);
  } catch {
    return invalid(key, `the DDL has a broken regular expression: ${validation}`);
  }
}

/** Whether one value fits one input. Errors: `request.invalid_input`. */
export function validateInput(key: string, input: InputDefinition, value: unknown): Result<null> {
  const typed = (fits: boolean, name: string): Result<null> => (fits ? ok(null) : invalid(key, `must be ${name}`));
  switch (input.type) {
    case 'string':
      return typeof value === 'string' ? checkString(key, input, value) : invalid(key, 'must be a string');
    case 'list':
      return typed(input.list?.some((allowed) => allowed === value) ?? false, `one of ${input.list?.join(', ') ?? ''}`);
    case 'integer':
      return typed(Number.isSafeInteger(value), 'an integer');
    case 'float':
    case 'number':
      return typed(typeof value === 'number' && Number.isFinite(value), 'a number');
    case 'boolean':
      return typed(typeof value === 'boolean', 'true or false');
    case 'array':
      return typed(Array.isArray(value), 'an array');
    case 'hash':
      return typed(typeof value === 'object' && value !== null && !Array.isArray(value), 'a hash');
  }
}

/** Whether inputs fit an action: all that it needs, none that it lacks, each of its type. Errors: `request.invalid_input`. */
export function validateInputs(action: ActionDefinition, inputs: Readonly<Record<string, unknown>>): Result<null> {
  for (const key of Object.keys(inputs)) {
    if (!Object.hasOwn(action.inputs, key)) return invalid(key, `action ${action.name} has no such input`);
  }
  for (const [key, input] of Object.entries(action.inputs)) {
    if (!Object.hasOwn(inputs, key)) {
      if (input.optional) continue;
      return fail('request.invalid_input', `Action ${action.name} needs a ${key} argument`);
    }
    const checked = validateInput(key, input, inputs[key]);
    if (!checked.ok) return checked;
  }
  return ok(null);
}

/** The inputs with the defaults of what is required and missing; a console does this before it sends. */
export function withDefaults(
  action: ActionDefinition,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const filled = { ...inputs };
  for (const [key, input] of Object.entries(action.inputs)) {
    if (!input.optional && input.default !== undefined && !Object.hasOwn(filled, key)) filled[key] = input.default;
  }
  return filled;
}
