import { fail, ok, type Result } from '@muster/protocol/errors';

/** Where a tab keeps the secret of its session: a reload finds it again, another tab does not. */
const storageKey = 'muster.session';

/** Keeps the secret of a session for this tab, in the place of the one before. */
export const keepSession = (storage: Pick<Storage, 'setItem'>, session: string): void =>
  storage.setItem(storageKey, session);

/** The one-time token of the link that opened this window; it is taken out of the address. Null when there is none. */
export function takeToken(
  address: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
): string | null {
  const token = /^#token=([\w-]+)$/.exec(address.hash)?.[1];
  if (token === undefined) return null;
  history.replaceState(null, '', `${address.pathname}${address.search}#/fleet`);
  return token;
}

/** Exchanges a token for the secret of a session. Rejects when the host does not answer. */
export type ExchangeToken = (token: string) => Promise<Result<unknown>>;

/**
 * Gives the secret that every call carries: from the token, which is exchanged once, else from an earlier load of this
 * tab. Faults: `bridge.forbidden` when there is neither, or the token was used before. Rejects, and may be asked again,
 * while the host does not answer.
 */
export function createSession(
  token: string | null,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  exchange: ExchangeToken,
): () => Promise<Result<string>> {
  const kept = storage.getItem(storageKey);

  async function open(): Promise<Result<string>> {
    if (token === null) {
      return kept === null
        ? fail('bridge.forbidden', 'This window was opened without the link of the console')
        : ok(kept);
    }
    const answer = await exchange(token);
    // The same link again, in the tab that used it: its session still holds.
    if (!answer.ok) return kept === null ? answer : ok(kept);
    // `POST /session` answers with the secret.
    const { session } = answer.value as { session: string };
    keepSession(storage, session);
    return ok(session);
  }

  let opening: Promise<Result<string>> | null = null;
  return () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
}
