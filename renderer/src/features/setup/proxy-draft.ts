import type { NamedProxy } from '@muster/protocol/bridge';

/** What is said of the proxy to the broker, as it stands in the fields. */
export interface ProxyDraft {
  readonly url: string;
  readonly username: string;
  readonly passwordFile: string;
  readonly ca: string;
  readonly except: string;
  readonly allowHttp: boolean;
}

export const noProxy: ProxyDraft = { url: '', username: '', passwordFile: '', ca: '', except: '', allowHttp: false };

/** What stands in a field; undefined where it is empty. */
const filled = (text: string): string | undefined => text.trim() || undefined;

/** Whether a password would go to the proxy in the clear, as far as can be told while it is typed. */
export function isClear({ url, username }: ProxyDraft): boolean {
  return /^\s*http:\/\//i.test(url) && (username.trim() !== '' || url.includes('@'));
}

/** What the console is told; undefined while all fields are empty. */
export function namedProxy(draft: ProxyDraft): NamedProxy | undefined {
  const { url, username, passwordFile, ca, except } = draft;
  if ([url, username, passwordFile, ca, except].every((text) => filled(text) === undefined)) return undefined;
  return {
    url: url.trim(),
    username: filled(username),
    passwordFile: filled(passwordFile),
    ca: filled(ca),
    except: filled(except)
      ?.split(/[\s,]+/)
      .filter((server) => server !== ''),
    // Said of a login in the clear, it does not count for any other.
    allowHttp: draft.allowHttp && isClear(draft),
  };
}
