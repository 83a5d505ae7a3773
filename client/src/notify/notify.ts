import type { NotifyTarget } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { randomId } from '@muster/runtime/crypto';
import type { ProxySettings } from '@muster/runtime/proxy';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import type { Effects } from '../effects.ts';
import type { Stop } from '../engine/engine.ts';
import { createNumberNews } from '../revision-news.ts';
import type { NotificationStore } from '../storage/index.ts';
import { createAnnouncer, type Announcer } from './announcer.ts';
import { testDocument } from './event.ts';
import { giveUpAfterMs } from './pauses.ts';
import { Postman } from './postman.ts';
import { sendTo } from './send.ts';
import { shownTarget } from './shown-target.ts';

/** Whom the console tells when runs end. Errors of all: `storage.*`. */
export interface Notify {
  /** The targets in the order of `console.yaml`, and how they fare. */
  list(): Promise<Result<readonly NotifyTarget[]>>;
  /** Sends a test to a target once. Errors: see `notify.test` of the window's contract. */
  test(name: string): Promise<Result<{ readonly answer: string }>>;
  revision(): Promise<Result<number>>;
  /** Calls `listener` when a notification was queued, tried or settled, by whatever process. */
  onChange(listener: (revision: number) => void): Stop;
}

/** The same, and what only the engine itself does with it. */
export interface NotifyKeeper extends Notify {
  readonly announcer: Announcer;
  /** Tries what is due, whoever queued it, from now on; without, only when something is queued here. */
  serve(): void;
  lookForChanges(): Promise<void>;
  /**
   * Resolves when nothing is under way. What was queued here is given an attempt first, all within {@link partingMs}; what is not delivered by then
   * is left to the next console.
   */
  close(): Promise<void>;
}

/** How long a console that closes goes on delivering, in milliseconds. */
const partingMs = 5000;

/** How often it is looked for what is due, for other processes queue as well; in milliseconds. */
const lookMs = 15_000;

/** How soon it is looked again for what came due meanwhile, in milliseconds. */
const againMs = 250;

const hourMs = 3_600_000;

export function createNotify(options: {
  readonly configuration: Pick<ConsoleConfiguration, 'person' | 'notify'>;
  readonly consoleId: string;
  readonly effects: Pick<Effects, 'clock' | 'randomBytes' | 'startTimer' | 'logger'>;
  readonly audit: Pick<ConsoleAudit, 'note'>;
  readonly storage: NotificationStore;
  /** The proxy that receivers are reached through; directly when absent. */
  readonly proxy?: ProxySettings | undefined;
}): NotifyKeeper {
  const { configuration, consoleId, effects, audit, storage, proxy } = options;
  const { person, notify: targets } = configuration;
  const { clock, startTimer, randomBytes, logger } = effects;
  const names = targets.map(({ name }) => name);
  const changes = createNumberNews(() => storage.notificationRevision());
  const leaving = new AbortController();
  let isServing = false;
  let isClosed = false;
  let stopTimer: Stop = () => undefined;
  let looking: Promise<void> = Promise.resolve();

  const onSettled = () => {
    void changes.look();
    // It may be due again sooner than what is looked for next.
    if (isServing && !isClosed) lookSoon();
  };
  const tools = { consoleId, storage, effects, audit, proxy, onSettled };
  const postmen = targets.map((target) => new Postman(target, tools));
  // A console that stays leaves what it has not begun to the next one; a short-lived one might be the last for long.
  const mayGoOn = () => !leaving.signal.aborted && !(isClosed && isServing);
  const deliver = () => {
    for (const postman of postmen) postman.deliver(mayGoOn, leaving.signal);
  };

  async function look(): Promise<void> {
    const nowMs = clock();
    const expired = await storage.expireNotifications(
      nowMs - giveUpAfterMs,
      nowMs,
      `not delivered within ${giveUpAfterMs / hourMs} hours`,
      'It is not tried again. See muster notify list, and try the target with muster notify test.',
    );
    if (!expired.ok) logger.warn({ code: expired.error.code }, expired.error.message);
    else if (expired.value > 0) logger.warn({ notifications: expired.value }, 'notifications were given up');
    deliver();
    await changes.look();
  }

  async function untilNextMs(): Promise<number> {
    if (targets.length === 0) return hourMs;
    const next = await storage.nextNotification(names);
    const ms = next.ok && next.value !== null ? next.value - clock() : lookMs;
    // A database that refuses, and a clock that stands still, are not asked without a pause.
    return Math.min(lookMs, Math.max(againMs, ms));
  }

  function lookSoon(): void {
    stopTimer();
    looking = looking
      .then(look)
      .then(untilNextMs)
      .catch((thrown: unknown) => {
        logger.error({ err: thrown }, 'notifications cannot be looked at');
        return lookMs;
      })
      .then((afterMs) => {
        stopTimer();
        if (!isClosed) stopTimer = startTimer(afterMs, lookSoon);
      });
  }

  return {
    announcer: createAnnouncer(targets, clock, () => {
      deliver();
      void changes.look();
    }),
    async list() {
      const book = await storage.notificationBook(names);
      if (!book.ok) return book;
      const { entries } = book.value;
      return ok(targets.map((target, place) => shownTarget(target, entries[place] ?? { waiting: 0, last: null })));
    },
    async test(name) {
      const target = targets.find((one) => one.name === name);
      if (target === undefined)
        return fail('notify.unknown', `console.yaml has no target "${name}" of notifications`, {
          mend: names.length === 0 ? 'Add a section notify.' : `There are: ${names.join(', ')}.`,
        });
      const id = randomId(randomBytes);
      const nowMs = clock();
      const body = JSON.stringify(testDocument(id, person, name, nowMs));
      const { timeoutMs } = target;
      const attempt = await sendTo(target, { id, body }, { proxy, nowMs, timeoutMs, signal: leaving.signal });
      return attempt.ok ? ok({ answer: attempt.answer }) : { ok: false, error: attempt.error };
    },
    revision: () => storage.notificationRevision(),
    onChange: (listener) => changes.onChange(listener),
    serve() {
      if (isServing) return;
      isServing = true;
      lookSoon();
    },
    lookForChanges: () => changes.look(),
    async close() {
      isClosed = true;
      stopTimer();
      const stopWaiting = startTimer(partingMs, () => leaving.abort());
      await looking;
      await Promise.all(postmen.map((postman) => postman.rest()));
      stopWaiting();
      leaving.abort();
    },
  };
}
