import { startConsole, type BrowserConsole } from '../support/browser-console.ts';
import { surroundings } from './surroundings.ts';

/** Starts a console for the specs of one file and ends it after them; gives its link. */
export function useConsole(): () => string {
  let running: BrowserConsole | null = null;
  before(async () => {
    running = await startConsole(surroundings().home);
  });
  after(async () => {
    await running?.stop();
  });
  return () => {
    if (running === null) throw new Error('The console runs only within tests');
    return running.url;
  };
}
