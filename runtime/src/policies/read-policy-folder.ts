import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { policyFileKind, type PolicySources } from '@muster/protocol/policy';
import { readPolicyFile } from './read-policy-file.ts';

/** A folder of policies, whole. */
export interface PolicyFolder {
  readonly sources: PolicySources;
  /** Names of what is in it and no node reads, in alphabetical order; hidden files are left out. */
  readonly others: readonly string[];
}

/** Most files of a folder that are read. */
const mostFiles = 2_000;

/** Reads a folder of policies. Files that cannot be read are in it as faults. Errors: `policy.unreadable` for the folder itself. */
export async function readPolicyFolder(folder: string): Promise<Result<PolicyFolder>> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).sort();
  } catch (thrown) {
    return fail('policy.unreadable', `${folder} cannot be read: ${faultFrom(thrown).message}`);
  }
  if (names.length > mostFiles) return fail('policy.unreadable', `${folder} holds more than ${mostFiles} files`);
  const sources = new Map<string, Result<string>>();
  for (const name of names.filter((one) => policyFileKind(one) !== undefined)) {
    const { source } = await readPolicyFile(join(folder, name));
    if (source !== undefined) sources.set(name, source);
  }
  const others = names.filter((name) => !name.startsWith('.') && policyFileKind(name) === undefined);
  return ok({ sources, others });
}
