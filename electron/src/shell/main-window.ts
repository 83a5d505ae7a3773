import { fileURLToPath } from 'node:url';
import { BrowserWindow, dialog, screen } from 'electron';
import { callNames } from '@muster/protocol/bridge';
import { windowUrl } from './window-scheme.ts';
import { keepWindowState, placeWindow, readWindowState, smallestWindow } from './window-state.ts';

const preload = fileURLToPath(new URL('./preload/preload.cjs', import.meta.url));

/** Makes and shows a window where one was last time, at a fragment of the address; `stateFile` keeps its place. */
export function openMainWindow(stateFile: string, fragment = ''): BrowserWindow {
  const state = readWindowState(stateFile);
  const displays = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(state, displays),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Muster',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      additionalArguments: [`--muster-calls=${callNames.join(',')}`],
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    },
  });
  if (state?.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    keepWindowState(stateFile, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  });
  offerReload(window);
  void window.loadURL(windowUrl + fragment);
  return window;
}

/** Asks what to do when the process behind the page has died: the engine, and runs with it, go on all the while. */
function offerReload(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The window has crashed',
        detail: `Its process ended (${reason}). Runs go on, and their answers are kept.`,
        buttons: ['Reload', 'Close'],
        defaultId: 0,
        cancelId: 1,
      })
      .then(({ response }) => {
        if (window.isDestroyed()) return;
        if (response === 0) window.reload();
        else window.destroy();
      });
  });
}
