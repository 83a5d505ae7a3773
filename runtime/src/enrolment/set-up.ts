import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { compileGlob } from '@muster/protocol/filter';
import { identityPattern } from '@muster/protocol/identity';
import { stringify } from 'yaml';
import { isThere } from '../files/index.ts';
import { joinFleet, type JoinOrder } from './join.ts';
import type { JoinFile } from './join-file.ts';
import type { KeyFiles } from './key-files.ts';

export interface SetUpOrder extends Omit<JoinOrder, 'files' | 'name'> {
  /** Folder for all of it; made when it is not there. */
  readonly folder: string;
  /** Whom to join as; needed where the invitation is for more than one name. */
  readonly name?: string;
  /** Name of the configuration that is written when there is none. */
  readonly configuration: 'agent.yaml' | 'console.yaml';
}

/** What is in place after joining. Paths. */
export interface SetUp extends KeyFiles {
  readonly name: string;
  readonly ca: string;
  readonly configuration: string;
  /** False when there was one already, which stays as it was. */
  readonly wroteConfiguration: boolean;
}

/** Who is meant. Errors: `identity.invalid`, `join.not_invited`. */
function nameIn({ names, role }: JoinFile, asked: string | undefined): Result<string> {
  const name = asked ?? names;
  if (!identityPattern.test(name)) {
    return fail('identity.invalid', `"${name}" is not a valid name`, {
      mend: `The invitation is for every ${role} "${names}": say which one joins.`,
    });
  }
  const covers = compileGlob(names);
  if (covers.ok && covers.value(name)) return ok(name);
  return fail('join.not_invited', `The invitation is for ${role} "${names}", not for "${name}"`);
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** What a first configuration says. */
export interface FirstConfiguration {
  readonly role: JoinFile['role'];
  readonly name: string;
  /** Those of the schema when absent. */
  readonly collectives?: readonly string[];
  readonly urls: readonly string[];
  readonly serverName?: string | undefined;
}

/** A configuration, YAML, for a folder with `ca.pem`, `NAME.pem` and `NAME.key`. */
export function firstConfiguration({ role, name, collectives, urls, serverName }: FirstConfiguration): string {
  return stringify({
    [role === 'node' ? 'identity' : 'person']: name,
    ...(collectives === undefined ? {} : { collectives }),
    broker: { urls, ...(serverName === undefined ? {} : { server_name: serverName }) },
    trust: { ca: 'ca.pem', certificate: `${name}.pem`, key: `${name}.key` },
  });
}

/**
 * Joins a fleet, and leaves a folder with all that an agent or a console needs: certificate, key, the authority's certificate, and a
 * configuration where there was none. Errors: those of {@link joinFleet}; `identity.invalid`, `file.unwritable`.
 */
export async function setUp(order: SetUpOrder): Promise<Result<SetUp>> {
  const { folder, invitation } = order;
  const chosen = nameIn(invitation, order.name);
  if (!chosen.ok) return chosen;
  const name = chosen.value;
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const [ca, configuration] = [join(folder, 'ca.pem'), join(folder, order.configuration)];
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const joined = await joinFleet({ ...order, name, files });
    if (!joined.ok) return joined;
    await writeWhole(ca, invitation.ca);
    const wroteConfiguration = !(await isThere(configuration));
    if (wroteConfiguration)
      await writeWhole(configuration, firstConfiguration({ ...invitation, ...invitation.broker, name }));
    return ok({ name, ...files, ca, configuration, wroteConfiguration });
  } catch (thrown) {
    return fail('file.unwritable', `${folder} cannot be written: ${faultFrom(thrown).message}`);
  }
}
