import { fail, ok, type Result } from '@muster/protocol/errors';
import type { GivenInput } from '../options/inputs.ts';
import type { Task } from './metadata.ts';

const invalid = (message: string): Result<never> => fail('request.invalid_input', message);

/** The name of a Puppet data type, without `Optional` and what stands in brackets. */
const typeName = (type: string): string => /^(?:Optional\[|Sensitive\[)*(\w+)/.exec(type)?.[1] ?? 'Any';

function parseJson(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown); // any JSON will do
  } catch {
    return invalid('is not JSON');
  }
}

/** A text in the type of its parameter; its value is not repeated in messages, for tasks may take secrets. */
function typedValue({ key, text }: GivenInput, type: string): Result<unknown> {
  switch (typeName(type)) {
    case 'Integer':
      return /^[+-]?\d+$/.test(text) ? ok(Number(text)) : invalid(`${key} is not an integer`);
    case 'Float':
    case 'Numeric':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? ok(Number(text)) : invalid(`${key} is not a number`);
    case 'Boolean':
      return text === 'true' || text === 'false' ? ok(text === 'true') : invalid(`${key} is neither true nor false`);
    case 'Array':
    case 'Tuple':
    case 'Hash':
    case 'Struct': {
      const value = parseJson(text);
      return value.ok ? value : invalid(`${key} is not JSON`);
    }
    default:
      return ok(text);
  }
}

/**
 * The input of a task: the JSON object of `--input`, with what `key=value` arguments say on top, each in the type of its parameter.
 *
 * Errors: `request.invalid_input`, also for parameters that the task does not have or that are missing.
 */
export function readTaskInput(
  task: Task,
  json: string | undefined,
  given: readonly GivenInput[],
): Result<Readonly<Record<string, unknown>>> {
  const parsed = json === undefined ? ok({}) : parseJson(json);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value))
    return invalid('What --input gives is not a JSON object');
  const input: Record<string, unknown> = { ...parsed.value };
  for (const one of given) {
    const value = typedValue(one, task.parameters?.[one.key]?.type ?? 'Any');
    if (!value.ok) return value;
    input[one.key] = value.value;
  }
  const { parameters } = task;
  if (parameters === null) return ok(input);
  const odd = Object.keys(input).filter((key) => !Object.hasOwn(parameters, key) && !key.startsWith('_'));
  if (odd.length > 0) {
    return fail('request.invalid_input', `The task has no parameter ${odd.join(', ')}`, {
      mend: `It has: ${Object.keys(parameters).join(', ') || 'none'}.`,
    });
  }
  const missing = Object.entries(parameters).filter(([key, { required }]) => required && !Object.hasOwn(input, key));
  if (missing.length > 0) return invalid(`The task needs ${missing.map(([key]) => key).join(', ')}`);
  return ok(input);
}

/** The inputs of the agent: what is secret goes apart, so that neither history nor audit keep it. */
export function apart(task: Task, values: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(values);
  const isSecret = (name: string): boolean => task.parameters?.[name]?.sensitive === true;
  const secrets = entries.filter(([name]) => isSecret(name));
  return {
    input: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
    ...(secrets.length === 0 ? {} : { sensitive_input: Object.fromEntries(secrets) }),
  };
}
