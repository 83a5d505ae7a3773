import type { Target } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';

/** The most nodes that a command names one by one. */
const namedNodes = 8;

/** A word as a POSIX shell takes it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A value as `muster rpc` reads it: texts as they are, but for a leading `@` which would mean a file, everything else as JSON. */
function asText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.startsWith('@') ? `@${value}` : value;
}

/**
 * Inputs as words of the command. A secret is never among them: one that is needed is asked for at the terminal when it is left out;
 * the first that is not needed comes from STDIN, further ones from files.
 */
function inputWords(action: ActionDefinition, inputs: Readonly<Record<string, unknown>>): readonly string[] {
  let isInputTaken = false;
  return Object.entries(inputs).flatMap(([key, value]) => {
    const input = action.inputs[key];
    if (input?.sensitive !== true) return [`${key}=${asText(value)}`];
    if (!input.optional && input.default === undefined) return [];
    const source = isInputTaken ? '@FILE' : '@-';
    isInputTaken = true;
    return [`${key}=${source}`];
  });
}

function targetWords(target: Target): readonly string[] {
  if (target.kind === 'filter') return target.filter.trim() === '' ? [] : ['-S', target.filter.trim()];
  if (target.kind !== 'nodes') {
    const { kind, name, filter = '' } = target;
    return [`--${kind}`, name, ...(filter.trim() === '' ? [] : ['-S', filter.trim()])];
  }
  if (target.identities.length > namedNodes) return ['--nodes', 'nodes.txt'];
  return target.identities.flatMap((identity) => ['-I', identity]);
}

/** The command that does the same as a run of the window, without its secrets. */
export function commandLine(order: {
  readonly agent: string;
  readonly action: ActionDefinition;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly target: Target;
  readonly timeoutSeconds: number | null;
  /** Flags that say how it goes over the fleet. */
  readonly rollout?: readonly string[];
}): string {
  const { agent, action, inputs, target, timeoutSeconds, rollout = [] } = order;
  const given = inputWords(action, inputs);
  const timeout = timeoutSeconds === null ? [] : ['--timeout', String(timeoutSeconds)];
  return ['muster', 'rpc', agent, action.name, ...given, ...targetWords(target), ...rollout, ...timeout]
    .map(shellWord)
    .join(' ');
}
