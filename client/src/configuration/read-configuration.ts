import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { loadCredentials, readYamlFile, resolveFrom, type Credentials } from '@muster/runtime/config';
import { readDiscoverySettings } from '../discovery/index.ts';
import type { ConsoleConfiguration } from './configuration.ts';
import { consoleSchema } from './schema.ts';

const fileName = 'console.yaml';
const dayMs = 86_400_000;

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * Reads a home's `console.yaml` and the keys and certificates that it names.
 *
 * Errors: `home.missing` when there is no such file; those of `readYamlFile` and `loadCredentials`.
 */
export async function readConfiguration(
  home: string,
  options: { connectionName?: string } = {},
): Promise<Result<{ configuration: ConsoleConfiguration; credentials: Credentials }>> {
  const file = join(home, fileName);
  if (!(await exists(file))) {
    return fail('home.missing', `There is no ${fileName} in ${home}`, {
      mend: 'Set MUSTER_HOME, or --home, to a folder that has one.',
    });
  }
  const read = await readYamlFile(file, consoleSchema);
  if (!read.ok) return read;
  const { person, collectives, broker, trust, data, discovery, history } = read.value;
  const [main, ...others] = collectives;
  if (main === undefined) return fail('config.invalid', `${file}: "collectives" is empty`);
  const connectionName = options.connectionName ?? `muster ${person}`;
  const credentials = await loadCredentials({ file, broker, trust, connectionName });
  if (!credentials.ok) return credentials;
  return ok({
    configuration: {
      home,
      person,
      collectives: [main, ...others],
      brokerUrls: broker.urls,
      dataFolder: resolveFrom(file, data),
      discoveryTimeoutMs: Math.round(discovery.timeout * 1000),
      discovery: readDiscoverySettings(discovery, file, trust),
      history: {
        keepMs: history.keep === undefined ? null : history.keep * dayMs,
        archive: resolveFrom(file, history.archive),
      },
    },
    credentials: credentials.value,
  });
}
