import { BrowserWindow, type WebContents } from 'electron';
import type { Fleet } from '../engine/index.ts';
import { forgetWhenLeft } from './calls.ts';
import { openMainWindow } from './main-window.ts';
import { windowUrl } from './window-scheme.ts';

/** The windows of the application. Each shows one fleet for as long as it is there, so that no call reaches another. */
export interface Windows {
  /** The window that a person works with, or worked with last; null when there is none. */
  readonly front: BrowserWindow | null;
  /** The fleet of a window; null for a page that is none of ours. */
  fleetOf(contents: WebContents): Fleet | null;
  /** Opens another window on a fleet at a fragment of the address, such as `#/fleet`. */
  open(fleet: Fleet, fragment?: string): void;
  /** Brings a window forward that is there already, and leads it to the fragment if there is one. */
  show(fragment: string | null): void;
  /** The same for a window of a fleet, which is opened when there is none. */
  showFleet(fleet: Fleet, fragment: string | null): void;
}

/** `onLastClosed` is called when no window is left. */
export function createWindows(stateFile: string, onLastClosed: () => void): Windows {
  const fleets = new Map<BrowserWindow, Fleet>();

  function open(fleet: Fleet, fragment = ''): void {
    const window = openMainWindow(stateFile, fragment);
    fleets.set(window, fleet);
    forgetWhenLeft(fleet.engine.dispatcher, window.webContents);
    window.on('closed', () => {
      fleets.delete(window);
      if (fleets.size === 0) onLastClosed();
    });
  }

  /** The window in front, of a fleet or of all. */
  function front(fleet?: Fleet): BrowserWindow | null {
    const focused = BrowserWindow.getFocusedWindow();
    const windows = [...fleets.keys()].filter((window) => fleet === undefined || fleets.get(window) === fleet);
    return windows.find((one) => one === focused) ?? windows.at(-1) ?? null;
  }

  function lead(window: BrowserWindow, fragment: string | null): void {
    if (window.isMinimized()) window.restore();
    window.focus();
    // Only the fragment changes, so the page stays and goes there by itself.
    if (fragment !== null) void window.loadURL(windowUrl + fragment);
  }

  return {
    get front() {
      return front();
    },
    fleetOf: (contents) => [...fleets].find(([window]) => window.webContents === contents)?.[1] ?? null,
    open,
    show(fragment) {
      const window = front();
      if (window !== null) lead(window, fragment);
    },
    showFleet(fleet, fragment) {
      const window = front(fleet);
      if (window === null) open(fleet, fragment ?? '');
      else lead(window, fragment);
    },
  };
}
