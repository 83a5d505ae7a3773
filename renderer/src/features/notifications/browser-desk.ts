import type { NotificationDesk } from './notifications-state.svelte.ts';

/** Notifications as browsers and the desktop shell offer them. */
export function browserDesk(window: Window & typeof globalThis): NotificationDesk {
  const canNotify = 'Notification' in window;
  return {
    permission: canNotify ? window.Notification.permission : 'unable',
    ask: () => (canNotify ? window.Notification.requestPermission() : Promise.resolve('unable')),
    hasFocus: () => window.document.hasFocus(),
    show({ title, body, tag, onClick }) {
      const note = new window.Notification(title, { body, tag });
      note.addEventListener('click', () => {
        window.focus();
        note.close();
        onClick();
      });
    },
  };
}
