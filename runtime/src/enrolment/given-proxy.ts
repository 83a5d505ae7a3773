import { fail, ok, type Result } from '@muster/protocol/errors';
import { proxySection, type ProxySection } from '../config/index.ts';
import { goesInTheClear } from '../proxy/index.ts';

/** A proxy as a person names it, on a command line or in a form. Paths are absolute. */
export interface GivenProxy {
  /** `http://host:port` or `https://host:port`; who logs in may stand before the host, a password may not. */
  readonly url: string;
  /** Who logs in; the one in the URL when absent. */
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
  /** Authorities that issued the proxy's certificate. */
  readonly ca?: string | undefined;
  readonly except?: readonly string[] | undefined;
  /** Whether the password may go in the clear to a proxy on another machine. */
  readonly allowHttp?: boolean | undefined;
}

/** How a person gives what is lacking, for messages. */
export interface GivenProxyWords {
  readonly username: string;
  readonly passwordFile: string;
  readonly allowHttp: string;
}

/** What stands before the last `@` of a URL, whether it is a proper one or not. */
function loginIn(url: string): string {
  const rest = url.replace(/^[a-z][a-z\d+.-]*:\/\//i, '');
  return rest.slice(0, Math.max(0, rest.lastIndexOf('@')));
}

/** The server of a URL and who logs in there; undefined when it is no URL of a proxy. */
function readUrl(text: string): { readonly origin: string; readonly username: string | undefined } | undefined {
  try {
    const { origin, protocol, username } = new URL(text);
    if (protocol !== 'http:' && protocol !== 'https:') return undefined;
    return { origin, username: username === '' ? undefined : decodeURIComponent(username) };
  } catch {
    return undefined;
  }
}

/**
 * The section `proxy` of a configuration for what a person gave. No message repeats the URL, for a secret may be in it. Errors:
 * `usage.invalid`.
 */
export function givenProxySection(given: GivenProxy, words: GivenProxyWords): Result<ProxySection> {
  const text = given.url.trim();
  if (loginIn(text).includes(':')) {
    return fail('usage.invalid', 'The URL of the proxy has a password in it, where others could read it', {
      mend: `Put the password into a file that you alone may read, and name that: ${words.passwordFile}. Leave the user name alone in the URL: https://USER@HOST:PORT`,
    });
  }
  const url = readUrl(text);
  if (url === undefined) return fail('usage.invalid', 'A proxy is given as http://HOST:PORT or https://HOST:PORT');
  const { origin } = url;
  const username = given.username ?? url.username;
  const { passwordFile, ca, except = [], allowHttp = false } = given;
  if (username !== undefined && passwordFile === undefined) {
    return fail('usage.invalid', 'Who logs in at the proxy needs a password', {
      mend: `Name the file that holds it: ${words.passwordFile}.`,
    });
  }
  if (username === undefined && passwordFile !== undefined) {
    return fail('usage.invalid', 'There is a password for the proxy, but nobody who logs in with it', {
      mend: `Give ${words.username}.`,
    });
  }
  if (username !== undefined && !allowHttp && goesInTheClear(origin)) {
    return fail('usage.invalid', 'Others could read the password on its way to the proxy', {
      mend: `Use https, or ${words.allowHttp}.`,
    });
  }
  const read = proxySection.safeParse({
    url: origin,
    username,
    password_file: passwordFile,
    ca,
    except,
    allow_http: allowHttp,
  });
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return fail('usage.invalid', `The proxy cannot be used like that: "${where}": ${issue?.message ?? ''}`);
}
