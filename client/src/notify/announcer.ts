import type { NotifyEvent, RunallSummary, RunSummary } from '@muster/protocol/bridge';
import type { Clock } from '@muster/runtime/effects';
import type { QueuedNotification } from '../storage/index.ts';
import {
  aboutRun,
  aboutRunall,
  endOfRun,
  endOfRunall,
  eventDocument,
  hasTripped,
  notificationId,
  type ToldAbout,
} from './event.ts';
import type { NotifyTargetSettings } from './settings.ts';

/** What whoever conducts runs stores with them, so that receivers are told. */
export interface Announcer {
  /** Of a run that has ended. */
  ended(run: RunSummary): readonly QueuedNotification[];
  /** Of a run that asks no further nodes; nothing unless it has met its own limits. */
  stopping(run: RunSummary): readonly QueuedNotification[];
  /** Of a runall that has ended. */
  endedRunall(runall: RunallSummary): readonly QueuedNotification[];
  /** To be called when some of them are stored. */
  queued(): void;
}

/** Whoever has nobody to tell. */
export const nobodyToTell: Announcer = {
  ended: () => [],
  stopping: () => [],
  endedRunall: () => [],
  queued: () => undefined,
};

/** `queued` is called when there is something to deliver. */
export function createAnnouncer(
  targets: readonly Pick<NotifyTargetSettings, 'name' | 'on'>[],
  clock: Clock,
  queued: () => void,
): Announcer {
  const announce = (event: NotifyEvent, about: ToldAbout): readonly QueuedNotification[] =>
    targets
      .filter(({ on }) => on.includes(event))
      .map(({ name }) => {
        const id = notificationId(name, event, about.id);
        const queuedAtMs = clock();
        const body = JSON.stringify(eventDocument(id, event, about, queuedAtMs));
        return { notificationId: id, target: name, event, about: about.kind, aboutId: about.id, body, queuedAtMs };
      });
  return {
    ended: (run) => announce(endOfRun(run), aboutRun(run)),
    stopping: (run) => (hasTripped(run) ? announce('threshold', aboutRun(run)) : []),
    endedRunall: (runall) => announce(endOfRunall(runall), aboutRunall(runall)),
    queued,
  };
}
