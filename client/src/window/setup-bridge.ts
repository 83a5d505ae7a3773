import {
  createDispatcher,
  type Dispatcher,
  type EndpointHandlers,
  type ProfileHandlers,
  type SetupHandlers,
  type SetupSources,
  type StartTimer,
  type StreamSources,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Setup } from '../setup/index.ts';
import { isForWhoeverWaits, noProfiles } from './profile-calls.ts';

const done = (result: Result<void>): Result<Record<string, never>> => (result.ok ? ok({}) : result);

/** Answers windows while there is no console yet: only calls that set one up. */
export function createSetupBridge(
  setup: Setup,
  options: {
    readonly startTimer: StartTimer;
    readonly onDefect: (name: string, thrown: unknown) => void;
    /** The fleets of the person, where the host keeps them. */
    readonly profiles?: ProfileHandlers;
  },
): Dispatcher {
  const { profiles = noProfiles, ...surroundings } = options;
  const handlers: SetupHandlers & ProfileHandlers = {
    ...profiles,
    'setup.read': ({ file }) => setup.read(file),
    'setup.join': (params) => setup.join(params),
    'setup.leave': async () => done(await setup.leave()),
    'setup.bring': (params) => setup.bring(params),
  };
  const sources: SetupSources = {
    'setup.changes': (_params, emit) => {
      const stop = setup.onChange(emit);
      emit(setup.state);
      return ok(stop);
    },
  };
  return createDispatcher({
    // No others are asked for: none is admitted.
    handlers: handlers as EndpointHandlers,
    sources: sources as StreamSources,
    admit: (name) =>
      name.startsWith('setup.') || isForWhoeverWaits(name)
        ? ok(null)
        : fail('home.missing', `There is no console.yaml in ${setup.state.home ?? 'the home'}`),
    ...surroundings,
  });
}

const isThere = () =>
  Promise.resolve(fail('usage.invalid', 'This console is set up already', { mend: 'Reload the window.' }));

/** What a console answers that is there. */
export const settledHandlers: SetupHandlers = {
  'setup.read': isThere,
  'setup.join': isThere,
  'setup.leave': isThere,
  'setup.bring': isThere,
};

export const settledSources: SetupSources = {
  'setup.changes': (_params, emit) => {
    emit({ stage: 'open', home: null, joining: null, fault: null, hasBroker: false });
    return ok(() => undefined);
  },
};
