export { Guard, type GuardOptions, type PassphraseKeeper } from './guard.ts';
export { homeKeys, type GuardedKeys } from './home-keys.ts';
export { ReadOnly } from './read-only.ts';
export { guardSection, readGuardSettings, type GuardSettings } from './settings.ts';
