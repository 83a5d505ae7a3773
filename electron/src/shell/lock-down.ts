import { app, session, type WebContents } from 'electron';
import { isWindowUrl } from './window-scheme.ts';

type OpenWindow = (asking: WebContents, fragment: string) => void;

/**
 * Takes from every page whatever the window has no need of: it cannot leave its own address, embed a webview, or be given a device. When it asks
 * for another window on our page, `openWindow` gets itself and the fragment, and makes one like it. To be called before the first window is made.
 */
export function lockDownPages(openWindow: OpenWindow): void {
  app.on('web-contents-created', (_event, contents) => lockDownPage(contents, openWindow));
}

function lockDownPage(contents: WebContents, openWindow: OpenWindow): void {
  const stayInWindow = (event: { preventDefault(): void; readonly url: string }) => {
    if (!isWindowUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stayInWindow);
  contents.on('will-frame-navigate', stayInWindow);
  contents.on('will-redirect', stayInWindow);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isWindowUrl(url)) openWindow(contents, new URL(url).hash);
    return { action: 'deny' };
  });
}

/** Denies every permission but that for notes on the desktop, and every device, asked for or looked up. To be called once the application is ready. */
export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === 'notifications'));
  defaultSession.setPermissionCheckHandler((_contents, permission) => permission === 'notifications');
  defaultSession.setDevicePermissionHandler(() => false);
}
