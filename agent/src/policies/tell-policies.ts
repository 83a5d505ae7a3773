import {
  defaultPolicyName,
  policyFileKind,
  readPolicies,
  type PolicySettings,
  type PolicySources,
} from '@muster/protocol/policy';
import type { Logger } from '@muster/runtime/logging';
import { readPolicyFolder } from '@muster/runtime/policies';

const meanings = {
  open: 'there are no policies, and every person with a certificate may run every action: allow_unconfigured is on',
  closed: 'there are no policies, so nobody may run any action',
  unused: 'default.policy is there but not used: enable_default is off',
} as const;

/** Says in the log what a person may not expect of a node's policies: that there are none, or that some are not used. */
export async function tellPolicies(options: {
  readonly folder: string;
  readonly settings: Partial<PolicySettings>;
  readonly logger: Logger;
}): Promise<void> {
  const { folder, settings, logger } = options;
  const read = await readPolicyFolder(folder);
  const sources: PolicySources = read.ok ? read.value.sources : new Map();
  const { allowUnconfigured, enableDefault } = readPolicies(sources, settings).settings;
  const governing = [...sources.keys()].filter(
    (name) => policyFileKind(name) === 'policy' && (name !== defaultPolicyName || enableDefault),
  );
  if (governing.length === 0) {
    const meaning = meanings[allowUnconfigured ? 'open' : 'closed'];
    logger.warn({ event: 'policies.none', folder, allowUnconfigured }, meaning);
  }
  if (sources.has(defaultPolicyName) && !enableDefault)
    logger.warn({ event: 'policies.unused', folder }, meanings.unused);
}
