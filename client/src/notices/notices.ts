import type { Notice } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Notices } from '../engine/parts/health.ts';
import type { NoticeStore, Trouble } from '../storage/index.ts';

/** Notices, and what only the engine itself does with them. */
export interface NoticesKeeper extends Notices {
  /** Tells listeners of what other processes changed. */
  lookForChanges(): Promise<void>;
  close(): void;
}

const asNotice = ({ fault, sinceMs }: Trouble): Notice => ({
  noticeId: null,
  code: fault.code,
  message: fault.message,
  mend: fault.mend ?? '',
  atMs: sinceMs,
});

/** What is stored for people to read, and the trouble that the database is in now. */
export function createNotices({ storage, clock }: { storage: NoticeStore; clock: Clock }): NoticesKeeper {
  const listeners = new Set<(notices: readonly Notice[]) => void>();
  let stored: readonly Notice[] = [];
  let told = '[]';

  const withTrouble = (): readonly Notice[] =>
    storage.trouble === null ? stored : [...stored, asNotice(storage.trouble)];

  async function list(): Promise<Result<readonly Notice[]>> {
    const listed = await storage.listNotices();
    // A database that cannot be read is itself what has to be told.
    if (!listed.ok && storage.trouble === null) return listed;
    if (listed.ok) stored = listed.value;
    return ok(withTrouble());
  }

  function tell(): void {
    const notices = withTrouble();
    const text = JSON.stringify(notices);
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener(notices);
  }

  const stop = storage.onTrouble(tell);

  return {
    list,
    async dismiss(noticeId) {
      const dismissed = await storage.dismissNotice(noticeId, clock());
      if (!dismissed.ok) return dismissed;
      await list();
      tell();
      return ok(undefined);
    },
    takeUntold: () => storage.takeUntoldNotices(clock()),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async lookForChanges() {
      await list();
      tell();
    },
    close: stop,
  };
}
