import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProfileBook } from '@muster/client/profiles';
import { unwrap } from '@muster/protocol/errors';
import { startConsole } from './browser-console.ts';
import { copiedHome } from './copied-home.ts';

/** A console of a person with two fleets: `production`, which is red and shown first, and `staging`. */
export interface TwoFleets {
  /** Good for one tab. */
  readonly url: string;
  /** Ends the console and deletes its files. */
  stop(): Promise<void>;
}

/** Starts the console on copies of a home; `prepare` may change that of `production` before. */
export async function startTwoFleets(
  home: string,
  prepare: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<TwoFleets> {
  const configFolder = await mkdtemp(join(tmpdir(), 'muster fleets '));
  const [production, staging] = [await copiedHome(home), await copiedHome(home)];
  await prepare(production.folder);
  const book = new ProfileBook(join(configFolder, 'muster'));
  unwrap(await book.add({ name: 'production', home: production.folder, colour: 'red' }));
  unwrap(await book.add({ name: 'staging', home: staging.folder }));
  unwrap(await book.use('production'));
  unwrap(await book.remove('default'));
  const running = await startConsole({ configFolder });
  return {
    url: running.url,
    async stop() {
      await running.stop();
      for (const copy of [production, staging]) await copy.remove();
      await rm(configFolder, { recursive: true });
    },
  };
}
