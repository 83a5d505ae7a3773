import type { Transport } from '@muster/protocol/bridge';

/** What tells whether somebody can see the page. */
interface Sight {
  readonly visibilityState: DocumentVisibilityState;
  addEventListener(name: 'visibilitychange', listener: () => void): void;
  removeEventListener(name: 'visibilitychange', listener: () => void): void;
}

/**
 * Lets streams rest while nobody sees the page. Browsers open six connections to a host, for all tabs together, and each that pulls its
 * streams holds one of them: tabs in the background could leave none to the one in front. Streams tell the present state when they go on.
 */
export const pullWhenVisible =
  (transport: Transport, page: Sight): Transport =>
  async (name, payload) => {
    if (name === 'stream.pull') await becomesVisible(page);
    return transport(name, payload);
  };

function becomesVisible(page: Sight): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (page.visibilityState === 'hidden') return;
      page.removeEventListener('visibilitychange', look);
      resolve();
    };
    page.addEventListener('visibilitychange', look);
    look();
  });
}
