import type { Target } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';

/** The most nodes that a command names one by one. */
const namedNodes = 8;

/** A word as a POSIX shell takes it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function targetWords(target: Target): readonly string[] {
  if (target.kind === 'filter') return target.filter.trim() === '' ? [] : ['-S', target.filter.trim()];
  if (target.kind !== 'nodes') {
    const { kind, name, filter = '' } = target;
    return [`--${kind}`, name, ...(filter.trim() === '' ? [] : ['-S', filter.trim()])];
  }
  if (target.identities.length > namedNodes) return ['--nodes', 'nodes.txt'];
  return target.identities.flatMap((identity) => ['-I', identity]);
}

/** The command that does the same as a run of the window. Inputs that are secret are left open. */
export function commandLine(order: {
  readonly agent: string;
  readonly action: ActionDefinition;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly target: Target;
  readonly timeoutSeconds: number | null;
}): string {
  const { agent, action, inputs, target, timeoutSeconds } = order;
  const given = Object.entries(inputs).map(([key, value]) =>
    action.inputs[key]?.sensitive === true ? `${key}=…` : `${key}=${asText(value)}`,
  );
  const timeout = timeoutSeconds === null ? [] : ['--timeout', String(timeoutSeconds)];
  return ['muster', 'rpc', agent, action.name, ...given, ...targetWords(target), ...timeout].map(shellWord).join(' ');
}
