import type { ActionDefinition, DataDdl, InputDefinition } from '@muster/protocol/ddl';
import { commandLine } from '../target-card/command-line.ts';

/** A value to begin with: the default, the first of a list, else the input's name where a text is wanted. */
function exampleValue(key: string, input: InputDefinition): unknown {
  if (input.default !== undefined) return input.default;
  switch (input.type) {
    case 'list':
      return input.list?.[0] ?? '';
    case 'boolean':
      return true;
    case 'integer':
      return 1;
    case 'float':
    case 'number':
      return 1.5;
    case 'array':
      return [];
    case 'hash':
      return {};
    case 'string':
      return key.toUpperCase();
  }
}

/**
 * A command that runs an action, with what it requires filled in. What changes nodes is for one node, so that the line does
 * little harm when somebody runs it as it is.
 */
export function exampleCommand(agent: string, action: ActionDefinition): string {
  const required = Object.entries(action.inputs).filter(([, input]) => !input.optional);
  return commandLine({
    agent,
    action,
    inputs: Object.fromEntries(required.map(([key, input]) => [key, exampleValue(key, input)])),
    target: action.effect === 'read' ? { kind: 'filter', filter: '' } : { kind: 'nodes', identities: ['NODE'] },
    timeoutSeconds: null,
  });
}

/** A filter that asks a data plugin for its first output. */
export function exampleFilter(ddl: DataDdl): string {
  const question = ddl.query === null ? '' : `'${ddl.query.prompt.toUpperCase()}'`;
  const [output, definition] = Object.entries(ddl.outputs)[0] ?? ['output', undefined];
  const isNumber = ['integer', 'float', 'number'].includes(definition?.type ?? '');
  const value = definition?.type === 'boolean' ? 'true' : isNumber ? '1' : 'VALUE';
  return `${ddl.name}(${question}).${output}=${value}`;
}
