import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '@muster/protocol/errors';

export interface WindowFile {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * The built window: every file by the path under which it is served, `/` being the page. Hosts serve what is in this
 * map and never turn a path into a file name, so no path leads anywhere else.
 */
export type WindowFiles = ReadonlyMap<string, WindowFile>;

/** Where the window is built to, seen from here in `src` as in `dist`. */
export const builtWindowFolder = fileURLToPath(new URL('../../../renderer/dist', import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Reads the built window into memory. Files of a kind that the window has no use for, such as source maps, stay out. Fault: it was not built. */
export async function readWindowFiles(folder: string = builtWindowFolder): Promise<Result<WindowFiles>> {
  const files = new Map<string, WindowFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    files.set(path === '/index.html' ? '/' : path, { contentType, body: new Uint8Array(await readFile(file)) });
  }
  if (files.has('/')) return ok(files);
  return fail('internal', `There is no built window in ${folder}`, { mend: 'Run `npm run build`' });
}

/** The path that a URL or a request target names, without query and fragment; decoding is left out, for no file needs it. */
export const pathOf = (target: string): string => target.split(/[?#]/, 1)[0] ?? '';
