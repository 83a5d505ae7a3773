import type { BridgeClient } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { z } from 'zod';

/** One thing that the window remembers between starts. What was stored by another version and no longer fits is null. */
export interface Preference<T> {
  load(): Promise<T | null>;
  save(value: T): void;
  /** Saves, and tells when that is done. Faults: `bridge.unreachable`, `console.locked`, those of the storage. */
  store(value: T): Promise<Result<unknown>>;
}

export function createPreference<T>(
  bridge: BridgeClient,
  key: string,
  schema: z.ZodType<T & Json>,
): Preference<T & Json> {
  const store = (value: T & Json) => bridge.call('preferences.set', { key, value });
  return {
    async load() {
      const stored = await bridge.call('preferences.get', { key });
      const read = stored.ok ? schema.safeParse(stored.value.value) : null;
      return read?.success === true ? read.data : null;
    },
    save: (value) => void store(value),
    store,
  };
}

type Json = z.core.util.JSONType;
