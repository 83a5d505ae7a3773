import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { ArchiveFile } from './archives.ts';

const mostFiles = 1000;
const mostBytes = 64 * 2 ** 20;

/** What belongs to the making of a plugin and not to the plugin. */
const left = (name: string): boolean =>
  name.startsWith('.') || name === 'node_modules' || name === 'test' || /\.test\.\w+$/.test(name);

async function gather(root: string, path: string, files: ArchiveFile[]): Promise<void> {
  for (const entry of await readdir(join(root, path), { withFileTypes: true })) {
    if (left(entry.name)) continue;
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) await gather(root, inner, files);
    else if (entry.isFile()) {
      const { mode, size } = await stat(join(root, inner));
      const bytes = files.reduce((sum, { content }) => sum + content.length, size);
      if (files.length >= mostFiles || bytes > mostBytes) {
        throw new RangeError(`it holds more than ${mostFiles} files or ${mostBytes / 2 ** 20} MiB`);
      }
      files.push({ path: inner, content: await readFile(join(root, inner)), executable: (mode & 0o111) !== 0 });
    }
  }
}

/** The files of a plugin in a folder, without hidden ones, tests and `node_modules`; links are left out. Errors: `list.malformed`. */
export async function readFolder(path: string): Promise<Result<readonly ArchiveFile[]>> {
  const files: ArchiveFile[] = [];
  try {
    await gather(path, '', files);
    return ok(files);
  } catch (error) {
    return fail('list.malformed', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
