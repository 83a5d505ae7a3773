import type { Result } from '@muster/protocol/errors';
import { readPolicies } from '@muster/protocol/policy';
import { lintPolicies } from '@muster/protocol/policy-lint';
import { announceJson } from '../commands/announce-json.ts';
import { runActionOn } from '../commands/run-action.ts';
import { withEngine } from '../commands/with-engine.ts';
import { completeInputs } from '../options/inputs.ts';
import { chooseNodes } from '../options/node-choice.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { createPalette } from '../output/palette.ts';
import type { Surroundings } from '../surroundings.ts';
import { findingText } from './findings.ts';

/** `muster policy publish`: signs a folder as it is, says on STDERR what in it would never decide, and has nodes take it. */
export async function publishPolicies(
  path: string,
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  announceJson(flags, surroundings.stdout);
  const folder = await surroundings.readPolicies(path);
  if (!folder.ok) return folder;
  const { sources, others } = folder.value;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const signed = await engine.policies.sign(sources);
    if (!signed.ok) return signed;
    const palette = createPalette(surroundings.stderr.colours);
    for (const finding of lintPolicies(readPolicies(sources), { ddls: new Map(), others }))
      surroundings.stderr.write(findingText(finding, path, palette));
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
