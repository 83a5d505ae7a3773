import { keepSession } from '../../bridge/session.ts';

interface EnteringWindow {
  readonly sessionStorage: Pick<Storage, 'clear' | 'setItem'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly location: Pick<Location, 'pathname' | 'search' | 'reload'>;
}

/** Goes on in this tab with the session of another fleet, at its first page. What the tab remembered of the fleet before does not come along. */
export function enterFleet(window: EnteringWindow, session: string): void {
  const { sessionStorage, history, location } = window;
  sessionStorage.clear();
  keepSession(sessionStorage, session);
  history.replaceState(null, '', `${location.pathname}${location.search}#/fleet`);
  location.reload();
}
