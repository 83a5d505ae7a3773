import { seal } from '@muster/protocol/envelope';
import { ok, type Result } from '@muster/protocol/errors';
import { makePolicyBundle, type PolicySources } from '@muster/protocol/policy';
import type { Effects } from '../effects.ts';

/** Signs a folder of policies as of now. Errors: `policy.syntax`, `frame.oversized`, those of the signer. */
export async function signPolicies(
  sources: PolicySources,
  person: string,
  effects: Pick<Effects, 'signer' | 'compressor' | 'clock'>,
): Promise<Result<{ readonly bundle: string; readonly version: number }>> {
  const version = Math.trunc(effects.clock());
  const bundle = makePolicyBundle(sources, { sender: person, version });
  if (!bundle.ok) return bundle;
  const frame = await seal(bundle.value, effects);
  return frame.ok ? ok({ bundle: Buffer.from(frame.value).toString('base64'), version }) : frame;
}
