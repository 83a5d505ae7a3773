import { fail, ok, type Result } from '@muster/protocol/errors';
import { compileType, type CompiledType } from '../puppet-types/index.ts';
import type { TaskMetadata } from './metadata.ts';

type Values = Readonly<Record<string, unknown>>;

const namePattern = /^[a-z][a-z0-9_]*$/;
const refuse = (message: string) => fail('request.invalid_input', message);

function typeOf(name: string, type: string | undefined): Result<CompiledType> {
  const compiled = compileType(type ?? 'Any');
  return compiled.ok ? compiled : refuse(`Parameter ${name}: ${compiled.error.message}`);
}

/**
 * The parameters that a task is run with, defaults filled in. `secrets` are those whose values must not be told of again;
 * what the metadata calls sensitive has to be among them.
 *
 * Errors: `request.invalid_input` for what does not fit the metadata. No error tells a value.
 */
export function checkParameters(metadata: TaskMetadata, given: Values, secrets: Values): Result<Values> {
  const declared = metadata.parameters ?? undefined;
  const values = new Map<string, unknown>(Object.entries({ ...given, ...secrets }));
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(secrets, name)) return refuse(`Parameter ${name} is given twice`);
  }
  for (const name of values.keys()) {
    if (name === '_noop' && metadata.supports_noop === true) continue;
    if (!namePattern.test(name)) return refuse(`${JSON.stringify(name)} is no name of a parameter`);
    if (declared !== undefined && !Object.hasOwn(declared, name)) return refuse(`The task has no parameter ${name}`);
  }
  for (const [name, parameter] of Object.entries(declared ?? {})) {
    const type = typeOf(name, parameter.type);
    if (!type.ok) return type;
    const { accepts, isOptional, isSensitive } = type.value;
    if (!values.has(name) && parameter.default !== undefined) values.set(name, parameter.default);
    if (!values.has(name)) {
      if (isOptional) continue;
      return refuse(`The task needs the parameter ${name}`);
    }
    if ((parameter.sensitive === true || isSensitive) && Object.hasOwn(given, name)) {
      return refuse(`Parameter ${name} is sensitive: give it in sensitive_input`);
    }
    if (!accepts(values.get(name))) return refuse(`Parameter ${name} must be ${parameter.type ?? 'Any'}`);
  }
  return ok(Object.fromEntries(values));
}
