import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The pages that people read: those of the root, of `docs`, and the READMEs of packages. */
async function pages(): Promise<readonly string[]> {
  const docs = await readdir(join(root, 'docs'), { recursive: true });
  const top = await readdir(root, { withFileTypes: true });
  return [
    ...docs.map((name) => join('docs', name)),
    ...top.map(({ name }) => name),
    ...top.filter((entry) => entry.isDirectory()).map(({ name }) => join(name, 'README.md')),
  ].filter((name) => name.endsWith('.md') && existsSync(join(root, name)));
}

/** As GitHub makes the anchor of a heading. */
const anchor = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .toLowerCase()
    .replaceAll(' ', '-');

const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading));

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Links of a page that lead nowhere. */
async function brokenLinks(page: string): Promise<readonly string[]> {
  const text = await readFile(join(root, page), 'utf8');
  const broken: string[] = [];
  for (const [, link = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path = '', fragment] = link.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    if (!existsSync(file)) broken.push(link);
    else if (fragment !== undefined && file.endsWith('.md')) {
      if (!anchorsOf(await readFile(file, 'utf8')).includes(fragment)) broken.push(link);
    }
  }
  return broken;
}

it.each(await pages())('%s leads nowhere in vain', async (page) => {
  expect(await brokenLinks(page)).toEqual([]);
});
