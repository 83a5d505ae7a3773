import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathOf, readWindowFiles } from './window-files.ts';

describe('the files of the window', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-window-'));
    await mkdir(join(folder, 'assets'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('are those that a window has a use for, the page under /', async () => {
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'start()');
    await writeFile(join(folder, 'assets', 'app-1a2b.js.map'), '{}');
    await writeFile(join(folder, '.env'), 'SECRET=1');
    await symlink('/etc/passwd', join(folder, 'assets', 'link.js'));
    const files = unwrap(await readWindowFiles(folder));
    expect([...files.keys()].sort()).toEqual(['/', '/assets/app-1a2b.js']);
    expect(files.get('/')?.contentType).toBe('text/html; charset=utf-8');
    expect(Buffer.from(files.get('/assets/app-1a2b.js')?.body ?? []).toString()).toBe('start()');
  });

  it.each(['', 'nowhere'])('are missing where no window was built: %j', async (name) => {
    const files = await readWindowFiles(join(folder, name));
    expect(files).toMatchObject({ ok: false, error: { mend: 'Run `npm run build`' } });
  });
});

it('takes the path from a request target', () => {
  expect(['/', '/a.js?v=1', '/#/fleet', ''].map(pathOf)).toEqual(['/', '/a.js', '/', '']);
});
