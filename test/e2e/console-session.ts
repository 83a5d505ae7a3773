import { startConsole, type BrowserConsole } from '../support/browser-console.ts';
import { surroundings } from './surroundings.ts';

/** A console that can be ended and started again in the middle of a file. */
export interface HeldConsole {
  /** The link that it printed when it last started. */
  link(): string;
  restart(): Promise<void>;
}

/** Starts a console for the specs of one file and ends it after them. */
export function holdConsole(): HeldConsole {
  let running: BrowserConsole | null = null;
  const start = async () => {
    running = await startConsole(surroundings().home);
  };
  const stop = async () => {
    await running?.stop();
    running = null;
  };
  before(start);
  after(stop);
  return {
    link() {
      if (running === null) throw new Error('The console runs only within tests');
      return running.url;
    },
    async restart() {
      await stop();
      await start();
    },
  };
}

/** The same for files whose console runs through; gives its link. */
export function useConsole(): () => string {
  const held = holdConsole();
  return () => held.link();
}
