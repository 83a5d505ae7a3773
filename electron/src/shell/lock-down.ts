import { app, session, type WebContents } from 'electron';
import { isWindowUrl } from './window-scheme.ts';

/**
 * Takes from every page whatever the window has no need of: it cannot leave its own address, open another window, embed a
 * webview, or be given a permission or a device. To be called before the first window is made.
 */
export function lockDownPages(): void {
  app.on('web-contents-created', (_event, contents) => lockDownPage(contents));
}

function lockDownPage(contents: WebContents): void {
  const stayInWindow = (event: { preventDefault(): void; readonly url: string }) => {
    if (!isWindowUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stayInWindow);
  contents.on('will-frame-navigate', stayInWindow);
  contents.on('will-redirect', stayInWindow);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Denies every permission and every device, asked for or looked up. To be called once the application is ready. */
export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
}
