import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Import {
  /** From the root, with slashes. */
  readonly file: string;
  readonly specifier: string;
}

const statement = /(?<![.\w])(?:(?:from|import)\s+|import\s*\(\s*)'([^']+)'/g;

/** Every import in the sources of a package; tests are left out, as they may look anywhere. */
export async function importsOf(packageName: string): Promise<Import[]> {
  const folder = join(root, packageName, 'src');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && /\.(ts|mjs|svelte|cts)$/.test(entry.name) && !entry.name.endsWith('.test.ts'),
  );
  const found = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path, 'utf8');
      return [...text.matchAll(statement)].map(([, specifier = '']) => ({ file: relative(root, path), specifier }));
    }),
  );
  return found.flat();
}
