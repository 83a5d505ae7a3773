export { nobodyToTell, type Announcer } from './announcer.ts';
export { createNotify, type Notify } from './notify.ts';
export type { NotifyTargetSettings } from './settings.ts';
