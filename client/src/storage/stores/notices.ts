import type { Notice, NotifyDelivery } from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';

/* What people have to be told: of the database, and of runs by notifications. */

/** Why the database cannot be used now, and since when it is so. */
export interface Trouble {
  /** `storage.full` goes by itself; `storage.corrupt` stays until the file is opened anew. */
  readonly fault: Fault;
  readonly sinceMs: number;
}

/** What a person has to be told of the database. */
export interface NoticeStore {
  /** Those that nobody has dismissed, the oldest first. */
  listNotices(): Promise<Result<Notice[]>>;
  /** Those that no command line has told yet; from then on they count as told. */
  takeUntoldNotices(nowMs: number): Promise<Result<Notice[]>>;
  dismissNotice(noticeId: number, nowMs: number): Promise<Result<void>>;
  /** As far as calls have met it. */
  readonly trouble: Trouble | null;
  /** Told when {@link trouble} has changed. */
  onTrouble(listener: () => void): () => void;
}

/** Something that one target has to be told. */
export interface QueuedNotification extends Pick<NotifyDelivery, 'event' | 'about' | 'aboutId' | 'queuedAtMs'> {
  /** The same for the same event of the same run and target: whatever has been queued once is not queued again. */
  readonly notificationId: string;
  /** Its name. */
  readonly target: string;
  /** The document that is sent. */
  readonly body: string;
}

/** A notification that this console, and no other, tries now. */
export interface ClaimedNotification extends QueuedNotification {
  /** How often it was tried before. */
  readonly attempts: number;
}

/** What a person has to be told of a target; the notice begins with its name. */
export interface TargetNotice extends Pick<Notice, 'code' | 'message' | 'mend'> {
  readonly target: string;
}

/** How an attempt ended. */
export interface AttemptEnd extends Pick<NotifyDelivery, 'state' | 'nextAtMs' | 'fault'> {
  readonly atMs: number;
  /** Stored unless the same was told of the target and not dismissed; delivery takes back what was told but of those that were given up. */
  readonly notice: TargetNotice | null;
}

/** How targets fare, in the order in which they were asked for. */
export interface NotificationBook {
  readonly entries: readonly { readonly waiting: number; readonly last: NotifyDelivery | null }[];
}

/** What receivers have to be told; queued by {@link RunWriter.recordRun} and {@link RunallStore.recordRunall}. */
export interface NotificationStore {
  /** Takes the oldest of a target that is due and that no living console tries; null when there is none. */
  claimNotification(target: string, consoleId: string, nowMs: number): Promise<Result<ClaimedNotification | null>>;
  /** Gives one back as if it had not been tried. */
  releaseNotification(notificationId: string, consoleId: string): Promise<Result<void>>;
  /** False when another console has taken it meanwhile. */
  settleNotification(notificationId: string, consoleId: string, end: AttemptEnd): Promise<Result<boolean>>;
  /** Gives up what was queued before a time, with a notice of `message` and the last fault; how many there were. */
  expireNotifications(queuedBeforeMs: number, nowMs: number, message: string, mend: string): Promise<Result<number>>;
  /** When the next one of these targets is due; null when none waits. */
  nextNotification(targets: readonly string[]): Promise<Result<number | null>>;
  notificationBook(targets: readonly string[]): Promise<Result<NotificationBook>>;
  /** Grows with each change, also of other processes. */
  notificationRevision(): Promise<Result<number>>;
}
