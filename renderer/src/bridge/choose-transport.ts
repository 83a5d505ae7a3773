import type { Transport } from '@muster/protocol/bridge';
import { pause, systemClock } from '../ui/clock.ts';
import { restAfterNews } from './rest-after-news.ts';
import { createSession, takeToken } from './session.ts';
import { showDirections } from './show-directions.ts';
import { exchangeToken, httpTransport, preloadTransport, type PreloadBridge } from './transport.ts';
import { userActivityIn } from './user-activity.ts';
import { pullWhenVisible } from './when-visible.ts';

declare global {
  interface Window {
    /** Offered by the preload of the desktop shell; absent in a browser. */
    readonly muster?: PreloadBridge;
  }
}

/** The way to the engine that this window has. Without one, every call is refused with `bridge.forbidden`. */
export const chooseTransport = (window: Window): Transport =>
  showDirections(restAfterNews(ownTransport(window), pause, userActivityIn(window, systemClock)));

function ownTransport(window: Window): Transport {
  if (window.muster !== undefined) return preloadTransport(window.muster);
  const { location, history, sessionStorage } = window;
  const send = window.fetch.bind(window);
  const session = createSession(takeToken(location, history), sessionStorage, exchangeToken(location.origin, send));
  return pullWhenVisible(httpTransport(location.origin, session, send), window.document);
}
