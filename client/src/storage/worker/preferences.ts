import type { Database } from 'better-sqlite3';
import type { EndpointParams, EndpointResult } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { jsonColumn } from './json-column.ts';

const values = jsonColumn<EndpointParams<'preferences.set'>['value']>();

export function createPreferences(db: Database) {
  const get = db.prepare<[string], string>('SELECT value FROM preferences WHERE key = ?').pluck();
  const set = db.prepare(
    'INSERT INTO preferences (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    getPreference(key: string): Result<EndpointResult<'preferences.get'>['value']> {
      const text = get.get(key);
      return ok(text === undefined ? null : values.read(text));
    },
    setPreference(key: string, value: EndpointParams<'preferences.set'>['value']): Result<void> {
      set.run(key, values.write(value));
      return ok(undefined);
    },
  };
}
