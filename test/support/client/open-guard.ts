import { fail, ok, unwrap, type Result } from '@muster/protocol/errors';
import { Guard, type GuardedKeys, type GuardOptions } from '../../../client/src/guard/index.ts';

/** Keys that a word protects, without the cost of a real passphrase. */
export function protectedKeys(passphrase: string): GuardedKeys {
  return {
    describe: () => Promise.resolve(ok({ person: 'alice', protection: 'passphrase' })),
    certificates: () => Promise.resolve(ok([])),
    check: (given) =>
      Promise.resolve(given === passphrase ? ok(undefined) : fail('key.wrong_passphrase', 'That is not the word')),
  };
}

/** A guard of keys in the open before an engine, for what is not about locks; its timers never go off. */
export async function openGuard(
  openEngine: GuardOptions['openEngine'],
  options: Partial<GuardOptions> = {},
): Promise<Guard> {
  const keys: GuardedKeys = {
    ...protectedKeys(''),
    describe: (): ReturnType<GuardedKeys['describe']> =>
      Promise.resolve(ok({ person: 'alice', protection: 'none' as const }) satisfies Result<unknown>),
  };
  const startTimer = () => () => undefined;
  return unwrap(await Guard.open({ keys, openEngine, clock: Date.now, startTimer, ...options }));
}
