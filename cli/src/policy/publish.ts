import type { Result } from '@muster/protocol/errors';
import { announceJson } from '../commands/announce-json.ts';
import { runActionOn } from '../commands/run-action.ts';
import { withEngine } from '../commands/with-engine.ts';
import { completeInputs } from '../options/inputs.ts';
import { chooseNodes } from '../options/node-choice.ts';
import type { RunFlags } from '../options/run-flags.ts';
import type { Surroundings } from '../surroundings.ts';

/** `muster policy publish`: signs a folder as it is, and has nodes take it. */
export async function publishPolicies(
  path: string,
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  announceJson(flags, surroundings.stdout);
  const folder = await surroundings.readPolicies(path);
  if (!folder.ok) return folder;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const signed = await engine.policies.sign(folder.value.sources);
    if (!signed.ok) return signed;
    const { bundle } = signed.value;
    return runActionOn(
      engine,
      choice.value,
      { agent: 'policies', action: 'install', inputs: (action) => completeInputs(action, { bundle }) },
      flags,
      surroundings,
    );
  });
}
