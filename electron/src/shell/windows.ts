import { BrowserWindow } from 'electron';
import type { Dispatcher } from '@muster/protocol/bridge';
import { forgetWhenLeft } from './calls.ts';
import { openMainWindow } from './main-window.ts';
import { windowUrl } from './window-scheme.ts';

/** The windows of one console: all show the same engine. */
export interface Windows {
  /** The window that a person works with, or worked with last; null when there is none. */
  readonly front: BrowserWindow | null;
  /** Opens another window at a fragment of the address, such as `#/fleet`. */
  open(fragment?: string): void;
  /** Brings a window forward, one that is there already, and leads it to the fragment if there is one. */
  show(fragment: string | null): void;
}

/** `onLastClosed` is called when no window is left. */
export function createWindows(stateFile: string, dispatcher: Dispatcher, onLastClosed: () => void): Windows {
  const windows = new Set<BrowserWindow>();

  function open(fragment = ''): void {
    const window = openMainWindow(stateFile, fragment);
    windows.add(window);
    forgetWhenLeft(dispatcher, window.webContents);
    window.on('closed', () => {
      windows.delete(window);
      if (windows.size === 0) onLastClosed();
    });
  }

  function front(): BrowserWindow | null {
    const focused = BrowserWindow.getFocusedWindow();
    return [...windows].find((one) => one === focused) ?? [...windows].at(-1) ?? null;
  }

  return {
    get front() {
      return front();
    },
    open,
    show(fragment) {
      const window = front();
      if (window === null) return;
      if (window.isMinimized()) window.restore();
      window.focus();
      // Only the fragment changes, so the page stays and goes there by itself.
      if (fragment !== null) void window.loadURL(windowUrl + fragment);
    },
  };
}
