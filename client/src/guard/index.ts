export { guardSection, readGuardSettings, type GuardSettings } from './settings.ts';
