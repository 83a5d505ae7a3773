import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A rectangle on the desktop, in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the window was when it was closed. `bounds` are those of the window when it is not maximised. */
export interface WindowState {
  readonly bounds: Bounds;
  readonly isMaximized: boolean;
}

/** The smallest window that shows all three views well, in device-independent pixels. */
export const smallestWindow = { width: 900, height: 600 } as const;
const firstSize = { width: 1440, height: 900 } as const;
/** This much of the window must lie on a display for its place to be taken again. */
const visiblePixels = 100;

/** The state that was kept; null when there is none that can be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    return parseState(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Keeps the state. A disk that refuses costs only the window's place, so that nothing is said of it. */
export function keepWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}

/** Where to put the window: where it was, unless no display is there any more; then only its size is kept. */
export function placeWindow(
  state: WindowState | null,
  displays: readonly Bounds[],
): Partial<Bounds> & { width: number; height: number } {
  if (state === null) return firstSize;
  const { bounds } = state;
  if (displays.some((display) => overlap(bounds, display))) return bounds;
  return { width: bounds.width, height: bounds.height };
}

function overlap(window: Bounds, display: Bounds): boolean {
  const width = Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x);
  const height = Math.min(window.y + window.height, display.y + display.height) - Math.max(window.y, display.y);
  return width >= visiblePixels && height >= visiblePixels;
}

function parseState(value: unknown): WindowState | null {
  if (typeof value !== 'object' || value === null || !('bounds' in value) || !('isMaximized' in value)) return null;
  const bounds = parseBounds(value.bounds);
  return bounds === null ? null : { bounds, isMaximized: value.isMaximized === true };
}

function parseBounds(value: unknown): Bounds | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y, width, height } = value as Record<string, unknown>; // any object has values under names
  if (!isPixels(x) || !isPixels(y) || !isPixels(width) || !isPixels(height)) return null;
  return { x, y, width: Math.max(width, smallestWindow.width), height: Math.max(height, smallestWindow.height) };
}

const isPixels = (value: unknown): value is number => Number.isInteger(value) && Math.abs(Number(value)) < 100_000;
