import { ok, type Result } from '../errors/index.ts';
import { parseGroups } from './parse-groups.ts';
import { parsePolicy } from './parse-policy.ts';
import {
  groupsName,
  policyFileKind,
  policySettingsName,
  type Policies,
  type PolicyFault,
  type PolicyFile,
  type PolicySettings,
} from './policy.ts';
import { parsePolicySettings } from './settings.ts';

/** What the files of a folder say; a fault stands for what is there and cannot be read. Files of other names are left out. */
export type PolicySources = ReadonlyMap<string, Result<string>>;

function readSettings(
  source: Result<string> | undefined,
  given: Partial<PolicySettings>,
): { readonly settings: PolicySettings; readonly settingsFaults: readonly PolicyFault[] } {
  const off: PolicySettings = { allowUnconfigured: false, enableDefault: false };
  const read = source === undefined ? ok({}) : source.ok ? parsePolicySettings(source.value) : source;
  if (read.ok) return { settings: { ...off, ...read.value, ...given }, settingsFaults: [] };
  return { settings: { ...off, ...given }, settingsFaults: [{ fault: read.error, line: null, column: null }] };
}

/**
 * Reads all policies of a folder. Never fails: what cannot be read denies what it would decide. `given` are settings from elsewhere,
 * which count before those of `settings.json`.
 */
export function readPolicies(sources: PolicySources, given: Partial<PolicySettings> = {}): Policies {
  const files = new Map<string, PolicyFile>();
  for (const [name, source] of sources) {
    if (policyFileKind(name) === 'policy') files.set(name, parsePolicy(name, source));
  }
  return {
    files,
    groups: parseGroups(sources.get(groupsName) ?? ok('')),
    ...readSettings(sources.get(policySettingsName), given),
  };
}
