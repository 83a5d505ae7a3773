import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { openStorage, type Storage } from '../../../client/src/storage/index.ts';

/** A real database in a folder of its own, which goes with it. */
export interface TestStorage {
  readonly folder: string;
  readonly storage: Storage;
  close(): Promise<void>;
}

export async function openTestStorage(clock: () => number = () => 1000): Promise<TestStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'muster storage test '));
  const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
  const storage = unwrap(await openStorage({ file: join(folder, 'muster.db'), clock, logger }));
  return {
    folder,
    storage,
    async close() {
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
}
