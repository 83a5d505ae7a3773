import {
  readTextInput,
  validateInputs,
  withDefaults,
  type ActionDefinition,
  type AgentDdl,
} from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** The action of that name. Errors: `request.unknown_action`, which names those that there are. */
export function findAction(ddl: AgentDdl, name: string): Result<ActionDefinition> {
  const action = ddl.actions.find((candidate) => candidate.name === name);
  if (action !== undefined) return ok(action);
  return fail('request.unknown_action', `Agent ${ddl.name} has no action "${name}"`, {
    mend: `It has: ${ddl.actions.map((candidate) => candidate.name).join(', ')}.`,
  });
}

/**
 * `key=value` arguments as the inputs of an action, each in its type, with the defaults of what is missing.
 *
 * Errors: `usage.invalid` for an argument without `=` and for a key that comes twice; `request.invalid_input`.
 */
export function readInputs(action: ActionDefinition, pairs: readonly string[]): Result<Record<string, unknown>> {
  const inputs: Record<string, unknown> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) {
      return fail('usage.invalid', `Could not parse "${pair.slice(0, 80)}"`, {
        mend: 'Inputs are written as key=value.',
      });
    }
    const key = pair.slice(0, equals);
    if (Object.hasOwn(inputs, key)) return fail('usage.invalid', `The input ${key} is given twice`);
    const input = Object.hasOwn(action.inputs, key) ? action.inputs[key] : undefined;
    if (input === undefined) {
      const known = Object.keys(action.inputs);
      return fail('request.invalid_input', `Cannot validate input ${key}: action ${action.name} has no such input`, {
        mend: known.length === 0 ? 'It takes no inputs.' : `It takes: ${known.join(', ')}.`,
      });
    }
    const value = readTextInput(key, input, pair.slice(equals + 1));
    if (!value.ok) return value;
    inputs[key] = value.value;
  }
  const filled = withDefaults(action, inputs);
  const valid = validateInputs(action, filled);
  return valid.ok ? ok(filled) : valid;
}
