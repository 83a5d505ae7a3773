import { resolve } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { ProxySection } from '../config/index.ts';
import { givenProxySection } from './given-proxy.ts';

/** What a command line says of the proxy. Paths are relative to the working folder. */
export interface ProxyFlags {
  readonly proxy?: string | undefined;
  readonly proxyPasswordFile?: string | undefined;
  readonly proxyCa?: string | undefined;
  readonly proxyExcept?: readonly string[] | undefined;
  readonly proxyAllowHttp?: boolean | undefined;
}

const words = {
  username: 'a user name in the URL: --proxy https://USER@HOST:PORT',
  passwordFile: '--proxy-password-file FILE',
  allowHttp: 'say --proxy-allow-http',
};

const absolute = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(path));

/** The section that flags describe; undefined where there are none. Errors: `usage.invalid`. */
export function proxyFromFlags(flags: ProxyFlags): Result<ProxySection | undefined> {
  const { proxy: url, proxyPasswordFile, proxyCa, proxyExcept: except, proxyAllowHttp: allowHttp } = flags;
  if (url !== undefined) {
    const given = { url, passwordFile: absolute(proxyPasswordFile), ca: absolute(proxyCa), except, allowHttp };
    return givenProxySection(given, words);
  }
  const isAnything = [proxyPasswordFile, proxyCa, except, allowHttp].some((flag) => flag !== undefined);
  if (!isAnything) return ok(undefined);
  return fail('usage.invalid', 'There are flags for a proxy, but none that names it', {
    mend: 'Give --proxy URL.',
  });
}
