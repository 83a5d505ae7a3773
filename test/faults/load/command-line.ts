import type { RunOrder } from '@muster/protocol/bridge';

/** The same order as a person types it; undefined for what the command line has other words for. */
export function commandLineOf({ agent, action, inputs, target, ttlMs, ...rest }: RunOrder): string[] | undefined {
  if (rest.rollout !== undefined || rest.untilMs !== undefined || rest.batch !== undefined) return undefined;
  if (target.kind !== 'nodes' && target.kind !== 'filter') return undefined;
  return [
    'rpc',
    agent,
    action,
    ...Object.entries(inputs).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
    ...(target.kind === 'nodes' ? target.identities.flatMap((identity) => ['-I', identity]) : ['-W', target.filter]),
    ...(ttlMs === undefined ? [] : ['--ttl', String(ttlMs / 1000)]),
    '--json',
    '--yes',
  ];
}
