export { nobodyToTell, type Announcer } from './announcer.ts';
export { createNotify, type Notify, type NotifyKeeper } from './notify.ts';
export { notifySection, readNotifySettings, type NotifyTargetSettings } from './settings.ts';
