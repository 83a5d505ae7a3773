import { fail, ok, type Result } from '@muster/protocol/errors';
import { z } from 'zod';
import type { BrokerSettings } from '../bus/index.ts';
import { readSecretFile } from '../keys/index.ts';
import type { ProxySettings } from '../proxy/index.ts';
import { proxySection, type BrokerSection, type ProxySection } from './sections.ts';
import { readSmallFile, readYamlFile } from './yaml-file.ts';

/** The account at the broker or at a proxy, where one is configured: name and password belong together. */
export async function readAccount(
  { username, password_file: file }: Pick<BrokerSection, 'username' | 'password_file'>,
  at: (path: string) => string,
): Promise<Result<BrokerSettings['account']>> {
  if (username === undefined && file === undefined) return ok(undefined);
  if (username === undefined || file === undefined) {
    return fail('config.invalid', 'broker.username and broker.password_file belong together', {
      mend: 'Give both, or none: then the broker knows us by our certificate.',
    });
  }
  const password = await readSecretFile(at(file));
  return password.ok ? ok({ username, password: password.value.trim() }) : password;
}

/**
 * The proxy with what its files hold, where there is one; `at` makes paths absolute.
 *
 * Errors: `config.unreadable`, `config.invalid` when others may read the password.
 */
export async function readProxy(
  section: ProxySection | undefined,
  at: (path: string) => string,
): Promise<Result<ProxySettings | undefined>> {
  if (section === undefined) return ok(undefined);
  const { url, ca, except } = section;
  const authorities = ca === undefined ? ok(undefined) : await readSmallFile(at(ca));
  if (!authorities.ok) return authorities;
  const account = await readAccount(section, at);
  if (!account.ok) return account;
  return ok({
    url,
    except,
    ...(authorities.value === undefined ? {} : { ca: authorities.value }),
    ...(account.value === undefined ? {} : { account: account.value }),
  });
}

const proxyAlone = z.looseObject({ proxy: proxySection.optional() });

/** The section `proxy` of a configuration, whatever else it says. Errors: those of {@link readYamlFile}. */
export async function findProxySection(file: string): Promise<Result<ProxySection | undefined>> {
  const read = await readYamlFile(file, proxyAlone);
  return read.ok ? ok(read.value.proxy) : read;
}
