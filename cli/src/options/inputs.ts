import {
  readTextInput,
  validateInputs,
  withDefaults,
  type ActionDefinition,
  type AgentDdl,
  type InputDefinition,
} from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** An input as it was given; where it did not come from the command line, `source` says from where, for messages. */
export interface GivenInput {
  readonly key: string;
  readonly text: string;
  readonly source?: string;
}

/** The action of that name. Errors: `request.unknown_action`, which names those that there are. */
export function findAction(ddl: AgentDdl, name: string): Result<ActionDefinition> {
  const action = ddl.actions.find((candidate) => candidate.name === name);
  if (action !== undefined) return ok(action);
  return fail('request.unknown_action', `Agent ${ddl.name} has no action "${name}"`, {
    mend: `It has: ${ddl.actions.map((candidate) => candidate.name).join(', ')}.`,
  });
}

function unknownInput(action: ActionDefinition, key: string): Result<never> {
  const known = Object.keys(action.inputs);
  return fail('request.invalid_input', `Cannot validate input ${key}: action ${action.name} has no such input`, {
    mend: known.length === 0 ? 'It takes no inputs.' : `It takes: ${known.join(', ')}.`,
  });
}

/** The value in its type. What is secret, and what came from a file, is not repeated in messages. */
function typedInput(input: InputDefinition, { key, text, source }: GivenInput): Result<unknown> {
  const value = readTextInput(key, input, text);
  if (value.ok || (source === undefined && !input.sensitive)) return value;
  const kind = input.type === 'array' || input.type === 'hash' ? 'is not JSON' : `does not look like a ${input.type}`;
  return fail(
    'request.invalid_input',
    `${key}: ${source === undefined ? 'the value' : `what ${source} holds`} ${kind}`,
  );
}

/** Inputs of an action with the defaults of what is missing. Errors: `request.invalid_input`. */
export function completeInputs(
  action: ActionDefinition,
  inputs: Readonly<Record<string, unknown>>,
): Result<Record<string, unknown>> {
  for (const key of Object.keys(inputs)) if (!Object.hasOwn(action.inputs, key)) return unknownInput(action, key);
  const filled = withDefaults(action, inputs);
  const valid = validateInputs(action, filled);
  return valid.ok ? ok(filled) : valid;
}

/**
 * What was given as the inputs of an action, each in its type, with the defaults of what is missing.
 *
 * Errors: `request.invalid_input`.
 */
export function readInputs(action: ActionDefinition, given: readonly GivenInput[]): Result<Record<string, unknown>> {
  const inputs: Record<string, unknown> = {};
  for (const one of given) {
    const input = Object.hasOwn(action.inputs, one.key) ? action.inputs[one.key] : undefined;
    if (input === undefined) return unknownInput(action, one.key);
    const value = typedInput(input, one);
    if (!value.ok) return value;
    inputs[one.key] = value.value;
  }
  return completeInputs(action, inputs);
}
