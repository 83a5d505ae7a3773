import type { Result } from '@muster/protocol/errors';

/** How far a part of the database has come, for who wants to hear when it changes, by whatever process. */
export interface RevisionNews<Revision> {
  /** Looks, and tells listeners of what is new since the last look; while nobody listens nothing is read. */
  look(): Promise<void>;
  /** Calls `listener` with each revision that is new; gives how to stop that. */
  onChange(listener: (revision: Revision) => void): () => void;
}

/** `read` gives how far it is now, `numberOf` what is another number whenever something changed. What cannot be read is no news. */
export function createRevisionNews<Revision>(
  read: () => Promise<Result<Revision>>,
  numberOf: (revision: Revision) => number,
): RevisionNews<Revision> {
  const listeners = new Set<(revision: Revision) => void>();
  let told = -1;
  return {
    async look() {
      if (listeners.size === 0) return;
      const revision = await read();
      if (!revision.ok || numberOf(revision.value) === told) return;
      told = numberOf(revision.value);
      for (const listener of [...listeners]) listener(revision.value);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Of what counts its changes by a number alone. */
export const createNumberNews = (read: () => Promise<Result<number>>): RevisionNews<number> =>
  createRevisionNews(read, (revision) => revision);
