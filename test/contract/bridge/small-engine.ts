import {
  createDispatcher,
  endpoints,
  type Dispatcher,
  type EndpointHandlers,
  type StartTimer,
  type StreamItem,
} from '@muster/protocol/bridge';
import { fail, ok } from '@muster/protocol/errors';

type Revision = StreamItem<'fleet.changes'>;

/** An engine small enough to be seen through: a fleet that is a number, preferences, and nothing else. */
export interface SmallEngine {
  readonly dispatcher: Dispatcher;
  /** Sets the size of the fleet and tells every open `fleet.changes`. */
  changeFleet(revision: Revision): void;
  /** How many sources are being listened to. */
  readonly openSources: () => number;
  /** What was reported as defects. */
  readonly defects: readonly string[];
}

export function createSmallEngine(startTimer: StartTimer): SmallEngine {
  let revision: Revision = { total: 0, revision: 0 };
  const listeners = new Set<(item: Revision) => void>();
  const preferences = new Map<string, unknown>();
  const defects: string[] = [];

  const refused = Object.keys(endpoints).map((name) => [
    name,
    () => Promise.resolve(fail('storage.failed', `${name} is not here`)),
  ]);
  const handlers = {
    // Every name of the contract has a handler that refuses, whatever the result would have been.
    ...(Object.fromEntries(refused) as EndpointHandlers),
    'fleet.count': ({ filter }) =>
      Promise.resolve(
        filter === 'broken('
          ? fail('filter.syntax', 'A bracket is open', { position: { start: 6, end: 7 } })
          : ok({ matching: 0, total: revision.total, needsFleet: false }),
      ),
    'fleet.refresh': () => Promise.reject(new Error('the engine has a defect')),
    'preferences.set': ({ key, value }) => {
      preferences.set(key, value);
      return Promise.resolve(ok({}));
    },
    'preferences.get': ({ key }) =>
      // What is stored came in as JSON.
      Promise.resolve(ok({ value: (preferences.get(key) ?? null) as null })),
  } satisfies EndpointHandlers;

  const dispatcher = createDispatcher({
    handlers,
    sources: {
      'guard.changes': () => fail('storage.failed', 'The guard is not here'),
      'setup.changes': () => fail('storage.failed', 'The setup is not here'),
      'session.changes': () => fail('broker.closed', 'The session has ended'),
      'presets.changes': () => fail('storage.failed', 'Presets are not here'),
      'notices.changes': () => fail('storage.failed', 'Notices are not here'),
      'notify.changes': () => fail('storage.failed', 'Notifications are not here'),
      'reports.changes': () => fail('storage.failed', 'Reports are not here'),
      'schedules.changes': () => fail('storage.failed', 'Schedules are not here'),
      'puppet.changes': () => fail('storage.failed', 'Puppet is not here'),
      'runalls.changes': ({ runallId }) => fail('runall.unknown', `There is no runall ${runallId}`),
      'runs.changes': ({ runId }) => fail('run.unknown', `There is no run ${runId}`),
      'fleet.changes': (_params, emit) => {
        emit(revision);
        listeners.add(emit);
        return ok(() => listeners.delete(emit));
      },
    },
    startTimer,
    onDefect: (name) => defects.push(name),
  });
  return {
    dispatcher,
    changeFleet(next) {
      revision = next;
      for (const listener of listeners) listener(next);
    },
    openSources: () => listeners.size,
    defects,
  };
}
