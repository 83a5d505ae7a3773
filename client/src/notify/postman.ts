import { errorCatalogue, type Fault } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { ProxySettings } from '@muster/runtime/proxy';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ClaimedNotification, NotificationStore } from '../storage/index.ts';
import type { Attempt } from './attempt.ts';
import { nextAttemptMs } from './pauses.ts';
import { sendTo } from './send.ts';
import type { NotifyTargetSettings } from './settings.ts';

/** What a person can do where nothing better is known. */
const lookAtIt = 'See muster notify list, and try it with muster notify test.';

/**
 * Delivers what one target has to be told, one after the other, the oldest first. Whatever it tries it has claimed, so that no other console
 * tries the same.
 */
export class Postman {
  readonly #target: NotifyTargetSettings;
  readonly #consoleId: string;
  readonly #storage: NotificationStore;
  readonly #effects: { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> };
  readonly #audit: Pick<ConsoleAudit, 'note'>;
  readonly #proxy: ProxySettings | undefined;
  readonly #onSettled: () => void;
  #work: Promise<void> | null = null;
  #isAgain = false;
  /** What was logged last, so that an outage is not logged over and over. */
  #logged: string | null = null;

  constructor(
    target: NotifyTargetSettings,
    tools: {
      readonly consoleId: string;
      readonly storage: NotificationStore;
      readonly effects: { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> };
      readonly audit: Pick<ConsoleAudit, 'note'>;
      readonly proxy: ProxySettings | undefined;
      readonly onSettled: () => void;
    },
  ) {
    this.#target = target;
    this.#consoleId = tools.consoleId;
    this.#storage = tools.storage;
    this.#effects = tools.effects;
    this.#audit = tools.audit;
    this.#proxy = tools.proxy;
    this.#onSettled = tools.onSettled;
  }

  /** Delivers all that is due; `mayGoOn` is asked before each, `signal` breaks off the one under way. */
  deliver(mayGoOn: () => boolean, signal: AbortSignal): void {
    this.#isAgain = true;
    this.#work ??= this.#deliverAll(mayGoOn, signal)
      .catch((thrown: unknown) => this.#effects.logger.warn({ err: thrown, target: this.#target.name }, 'no delivery'))
      .finally(() => {
        this.#work = null;
      });
  }

  /** Resolves when nothing is under way. */
  async rest(): Promise<void> {
    await this.#work;
  }

  async #deliverAll(mayGoOn: () => boolean, signal: AbortSignal): Promise<void> {
    // What was queued while the last look was on its way is looked for as well.
    while (this.#isAgain) {
      this.#isAgain = false;
      while (mayGoOn()) {
        const claimed = await this.#storage.claimNotification(
          this.#target.name,
          this.#consoleId,
          this.#effects.clock(),
        );
        if (!claimed.ok) {
          this.#warn(claimed.error);
          return;
        }
        if (claimed.value === null) break;
        await this.#deliverOne(claimed.value, signal);
      }
    }
  }

  async #deliverOne(claimed: ClaimedNotification, signal: AbortSignal): Promise<void> {
    const { notificationId, body } = claimed;
    const { clock } = this.#effects;
    const nowMs = clock();
    const { timeoutMs } = this.#target;
    const attempt = await sendTo(
      this.#target,
      { id: notificationId, body },
      { proxy: this.#proxy, nowMs, timeoutMs, signal },
    );
    if (!attempt.ok && signal.aborted) {
      await this.#storage.releaseNotification(notificationId, this.#consoleId);
      return;
    }
    await this.#settle(claimed, attempt);
    this.#onSettled();
  }

  async #settle(
    { notificationId, attempts, event, about, aboutId }: ClaimedNotification,
    attempt: Attempt,
  ): Promise<void> {
    const atMs = this.#effects.clock();
    const target = this.#target.name;
    const settled = await this.#storage.settleNotification(
      notificationId,
      this.#consoleId,
      attempt.ok
        ? { state: 'delivered', atMs, nextAtMs: null, fault: null, notice: null }
        : {
            state: 'waiting',
            atMs,
            nextAtMs: nextAttemptMs(attempts + 1, atMs, attempt.waitMs),
            fault: attempt.error,
            notice: this.#noticeOf(attempt.error),
          },
    );
    if (!settled.ok) this.#warn(settled.error);
    if (attempt.ok) {
      this.#logged = null;
      await this.#audit.note('notify', { target, event, about, [about === 'run' ? 'requestId' : 'runallId']: aboutId });
    } else this.#warn(attempt.error);
  }

  /** What only a person can mend is told at once; it is tried again all the same, for they may do so. */
  #noticeOf({ code, message, mend = lookAtIt }: Fault) {
    if (errorCatalogue[code].retry !== 'never') return null;
    return { target: this.#target.name, code, message, mend };
  }

  #warn({ code, message }: Fault): void {
    if (this.#logged === message) return;
    this.#logged = message;
    this.#effects.logger.warn({ code, target: this.#target.name }, `a notification is not delivered yet: ${message}`);
  }
}
