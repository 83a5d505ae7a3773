import { z } from 'zod';
import type { Opened } from '../envelope/index.ts';
import { fail, ok, type Result } from '../errors/index.ts';
import { identityPattern } from '../identity/index.ts';
import { policyLimits } from './limits.ts';
import { readPolicies, type PolicySources } from './policies.ts';
import { policyFileKind } from './policy.ts';

/** A whole folder of policies, as a person signs it. */
export const policyBundleSchema = z.strictObject({
  protocol: z.literal('muster.policies.v1'),
  /** Name of who signed it. */
  sender: z.string().regex(identityPattern),
  /** When it was made, in milliseconds since the epoch. Of two bundles the later one is the newer version. */
  version: z.int().positive(),
  /** Texts by name of file, of names that nodes read. */
  files: z.record(
    z.string().refine((name) => policyFileKind(name) !== undefined, 'no node reads a file of that name'),
    z.string().max(policyLimits.fileBytes),
  ),
});
export type PolicyBundle = z.infer<typeof policyBundleSchema>;

/** The first thing in a folder that cannot be used, for which it must not be given to nodes; undefined when all can. */
function firstFault(sources: PolicySources): string | undefined {
  for (const [name, source] of sources) if (!source.ok) return `${name}: ${source.error.message}`;
  const { files, groups, settingsFaults } = readPolicies(sources);
  const faults = [
    ...[...files].flatMap(([name, file]) => file.faults.map((fault) => ({ name, ...fault }))),
    ...groups.faults.map((fault) => ({ name: 'groups', ...fault })),
    ...settingsFaults.map((fault) => ({ name: 'settings.json', ...fault })),
  ];
  const [first] = faults;
  return first === undefined ? undefined : `${first.name}:${first.line ?? 1}: ${first.fault.message}`;
}

/** Makes a bundle of a folder's files, not yet signed. Errors: `policy.syntax` when a node could not use all of it, or there is nothing. */
export function makePolicyBundle(
  sources: PolicySources,
  about: Pick<PolicyBundle, 'sender' | 'version'>,
): Result<PolicyBundle> {
  const fault = firstFault(sources);
  if (fault !== undefined) return fail('policy.syntax', fault, { mend: 'See muster policy lint.' });
  if (sources.size === 0) return fail('policy.syntax', 'The folder holds no file that a node would read');
  const files = Object.fromEntries(
    [...sources].flatMap(([name, source]) => (source.ok ? [[name, source.value] as const] : [])),
  );
  return ok({ protocol: 'muster.policies.v1', ...about, files });
}

/** A verified body as a bundle that can be used. Errors: `certificate.role`, `message.malformed`, `sender.mismatch`, `policy.syntax`. */
export function readPolicyBundle({ principal, body }: Opened): Result<PolicyBundle> {
  if (principal.role !== 'person') return fail('certificate.role', `A ${principal.role} signed the policies`);
  const parsed = policyBundleSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(
      'message.malformed',
      `It is no bundle of policies at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`,
    );
  }
  const { sender, files } = parsed.data;
  if (sender !== principal.name)
    return fail('sender.mismatch', `"${principal.name}" signed policies in the name of "${sender}"`);
  const fault = firstFault(new Map(Object.entries(files).map(([name, text]) => [name, ok(text)])));
  return fault === undefined ? ok(parsed.data) : fail('policy.syntax', fault);
}
