import type { DiscoveryChoice } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** What a window may say of discovery; programs and files are chosen in `console.yaml` or on the command line. */
const windowOptions: Readonly<Record<DiscoveryChoice['method'], readonly string[]>> = {
  broadcast: ['window'],
  inventory: [],
  list: [],
  puppetdb: ['pql', 'ast'],
  external: [],
};

/**
 * Keeps a page from starting programs and from reading files through discovery. Errors: `bridge.forbidden`.
 */
export function checkWindowChoice(choice: DiscoveryChoice | undefined): Result<void> {
  if (choice === undefined) return ok(undefined);
  const { method, options } = choice;
  const odd = Object.keys(options).find((name) => !windowOptions[method].includes(name));
  if (odd === undefined) return ok(undefined);
  return fail('bridge.forbidden', `The window may not set the discovery option ${odd} of ${method}`, {
    mend: 'Set it in console.yaml, or use the command line.',
  });
}
