import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-replace-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('puts a text in place of a file, with its mode, and nothing else beside it', async () => {
  const file = join(folder, 'it');
  await writeFile(file, 'before');
  unwrap(await replaceFile(file, 'after', 0o644));
  expect(await readFile(file, 'utf8')).toBe('after');
  expect((await stat(file)).mode & 0o777).toBe(0o644);
  expect(await readdir(folder)).toEqual(['it']);
  expect(await replaceFile(join(folder, 'none', 'it'), 'x', 0o600)).toMatchObject({
    ok: false,
    error: { code: 'file.unwritable' },
  });
});

it('leaves what there is where the disk is full, and says so', async (context) => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return context.skip('tmpfs cannot be mounted here');
  }
  try {
    const file = join(folder, 'it');
    await writeFile(file, 'before');
    expect(await replaceFile(file, 'x'.repeat(100_000), 0o600)).toMatchObject({
      ok: false,
      error: { code: 'file.unwritable', mend: expect.stringContaining('full') as string },
    });
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['it']);
  } finally {
    execFileSync('umount', [folder]);
  }
});
