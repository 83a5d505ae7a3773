import { isFactMap, toFactValue, type Facts, type FactValue } from '../facts/index.ts';
import type { AgentSettings } from './schema.ts';

/** Names of settings that lead to secrets. They are never given out, not even as paths. */
const secretNames = new Set(['password_file', 'password', 'passphrase', 'key', 'secret', 'token']);

function publicValue(value: FactValue): FactValue {
  if (Array.isArray(value)) return value.map(publicValue);
  if (typeof value === 'string') return value.replace(/^([a-z]+:\/\/)[^/@]*@/, '$1');
  if (!isFactMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (secretNames.has(name) ? [] : [[name, publicValue(member)]])),
  );
}

/** The settings that may be told to whoever asks: without secrets, and URLs without credentials. */
export const publicSettings = (settings: AgentSettings): Facts => {
  const value = publicValue(toFactValue(JSON.parse(JSON.stringify(settings))));
  return isFactMap(value) ? value : {};
};

/** Whether an item names a secret: it exists for nobody. */
export const isSecretItem = (item: string): boolean => item.split('.').some((step) => secretNames.has(step));
