import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { compileGlob } from '@muster/protocol/filter';
import { identityPattern } from '@muster/protocol/identity';
import { stringify } from 'yaml';
import { findProxySection, readProxy, resolveFrom, type ProxySection } from '../config/index.ts';
import { isThere } from '../files/index.ts';
import type { ProxySettings } from '../proxy/index.ts';
import { joinFleet, type JoinOrder } from './join.ts';
import type { JoinFile } from './join-file.ts';
import type { KeyFiles } from './key-files.ts';

export interface SetUpOrder extends Omit<JoinOrder, 'files' | 'name' | 'proxy'> {
  /** Folder for all of it; made when it is not there. */
  readonly folder: string;
  /** Whom to join as; needed where the invitation is for more than one name. */
  readonly name?: string;
  /** Name of the configuration that is written when there is none. */
  readonly configuration: 'agent.yaml' | 'console.yaml';
  /** The proxy to the broker, with absolute paths; that of a configuration that is there when absent, and directly without one. */
  readonly proxy?: ProxySection | undefined;
}

/** What is in place after joining. Paths. */
export interface SetUp extends KeyFiles {
  readonly name: string;
  readonly ca: string;
  readonly configuration: string;
  /** False when there was one already, which stays as it was. */
  readonly wroteConfiguration: boolean;
  /** What one that was there has to be looked through for, in words for a person. */
  readonly toLookFor: string;
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
  /** With absolute paths. */
  readonly proxy?: ProxySection | undefined;
}

/** What a section says that the schema would not assume anyway. */
const proxyLines = ({ except, allow_http: allowHttp, ...proxy }: ProxySection) => ({
  ...proxy,
  ...(except.length === 0 ? {} : { except }),
  ...(allowHttp ? { allow_http: true } : {}),
});

/** The proxy to join through. Errors: those of `readYamlFile` and `readProxy`. */
async function wayOut(
  given: ProxySection | undefined,
  configuration: string,
): Promise<Result<ProxySettings | undefined>> {
  if (given !== undefined || !(await isThere(configuration))) return readProxy(given, (path) => path);
  const found = await findProxySection(configuration);
  return found.ok ? readProxy(found.value, (path) => resolveFrom(configuration, path)) : found;
}

/** A configuration, YAML, for a folder with `ca.pem`, `NAME.pem` and `NAME.key`. */
export function firstConfiguration(first: FirstConfiguration): string {
  const { role, name, collectives, urls, serverName, proxy } = first;
  return stringify({
    [role === 'node' ? 'identity' : 'person']: name,
    ...(collectives === undefined ? {} : { collectives }),
    broker: { urls, ...(serverName === undefined ? {} : { server_name: serverName }) },
    ...(proxy === undefined ? {} : { proxy: proxyLines(proxy) }),
    trust: { ca: 'ca.pem', certificate: `${name}.pem`, key: `${name}.key` },
  });
}

/**
 * Joins a fleet, and leaves a folder with all that an agent or a console needs: certificate, key, the authority's certificate, and a
 * configuration where there was none. Errors: those of {@link joinFleet}; `identity.invalid`, `file.unwritable`; those of the proxy's files, and of a
 * configuration that is there and cannot be read.
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
    const { proxy: given, ...rest } = order;
    const proxy = await wayOut(given, configuration);
    if (!proxy.ok) return proxy;
    const through = proxy.value === undefined ? {} : { proxy: proxy.value };
    const joined = await joinFleet({ ...rest, ...through, name, files });
    if (!joined.ok) return joined;
    await writeWhole(ca, invitation.ca);
    const wroteConfiguration = !(await isThere(configuration));
    if (wroteConfiguration)
      await writeWhole(configuration, firstConfiguration({ ...invitation, ...invitation.broker, name, proxy: given }));
    const toLookFor = given === undefined ? 'these files' : 'these files and the proxy';
    return ok({ name, ...files, ca, configuration, wroteConfiguration, toLookFor });
  } catch (thrown) {
    return fail('file.unwritable', `${folder} cannot be written: ${faultFrom(thrown).message}`);
  }
}
