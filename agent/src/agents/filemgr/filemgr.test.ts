import { lstat, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';
import { describeInjections } from '../../../../test/support/agent/injections.ts';
import { filemgr } from './index.ts';

const node = 'web1.example.com';
let bench: AgentBench;
let folder: string;
let usual: string;

beforeAll(async () => {
  bench = await createAgentBench();
  usual = join(bench.home.folder, 'usual');
  await bench.start(node, { pluginSettings: { filemgr: `touch_file: ${usual}\n` } });
});
afterAll(() => bench.close());
beforeEach(async () => {
  folder = join(bench.home.folder, 'files');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
});

const ask = (action: string, inputs: Request['inputs'] = {}) =>
  bench.asker.ask(node, { agent: 'filemgr', action, inputs });
const at = (name: string) => join(folder, name);

describe('filemgr touch', () => {
  it('makes an empty file', async () => {
    expect(await ask('touch', { file: at('new') })).toMatchObject({ outcome: 'ok', statusCode: 0 });
    expect(await readFile(at('new'), 'utf8')).toBe('');
  });

  it.each(['file', 'directory'])('sets the times of a %s to now and leaves what is in it', async (kind) => {
    await (kind === 'file' ? writeFile(at('old'), 'kept') : mkdir(at('old')));
    await utimes(at('old'), 1, 1);
    expect(await ask('touch', { file: at('old') })).toMatchObject({ outcome: 'ok' });
    expect((await lstat(at('old'))).mtimeMs).toBeGreaterThan(Date.now() - 600_000);
    if (kind === 'file') expect(await readFile(at('old'), 'utf8')).toBe('kept');
  });

  it('says why it cannot', async () => {
    expect(await ask('touch', { file: at('no/such') })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: `Could not touch '${at('no/such')}': its directory does not exist`,
    });
  });

  it('works on the file of the settings when it is not told one', async () => {
    expect(await ask('touch')).toMatchObject({ outcome: 'ok' });
    expect(await ask('status')).toMatchObject({ outcome: 'ok', data: { name: usual, present: 1 } });
    expect(await ask('remove')).toMatchObject({ outcome: 'ok', data: { removed: true } });
    expect(await ask('status')).toMatchObject({ statusMessage: `${usual} does not exist` });
  });

  it.each(['relative', '/tmp/../etc/passwd', ''])('refuses the path %j', async (file) => {
    expect(await ask('touch', { file })).toMatchObject({
      outcome: 'invalid',
      statusMessage: 'Cannot validate input file: must be an absolute path without ..',
    });
  });
});

describe('filemgr remove', () => {
  it('removes files, links and empty directories, never what a link leads to', async () => {
    await writeFile(at('file'), 'x');
    await symlink(at('file'), at('link'));
    await mkdir(at('empty'));
    for (const name of ['link', 'empty']) {
      expect(await ask('remove', { file: at(name) })).toMatchObject({ outcome: 'ok', data: { removed: true } });
      await expect(lstat(at(name))).rejects.toThrow('ENOENT');
    }
    expect(await readFile(at('file'), 'utf8')).toBe('x');
    expect(await ask('remove', { file: at('file') })).toMatchObject({ data: { removed: true } });
    expect(await ask('remove', { file: at('file') })).toMatchObject({ outcome: 'ok', data: { removed: false } });
  });

  it('does not remove directories with what is in them', async () => {
    await mkdir(at('full'));
    await writeFile(at('full/file'), 'x');
    expect(await ask('remove', { file: at('full') })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: `Could not remove '${at('full')}': it is a directory that is not empty`,
      data: { removed: false },
    });
    expect(await readFile(at('full/file'), 'utf8')).toBe('x');
  });
});

describe('filemgr status', () => {
  it('tells everything about a file', async () => {
    await writeFile(at('file'), 'hello\n', { mode: 0o640 });
    await utimes(at('file'), 1_700_000_000, 1_600_000_000);
    const { data, outcome } = await ask('status', { file: at('file') });
    expect(outcome).toBe('ok');
    const { uid, gid } = await lstat(at('file'));
    expect(data).toEqual({
      name: at('file'),
      output: 'present',
      present: 1,
      size: 6,
      mode: '100640',
      md5: 'b1946ac92492d2347c6235b4d2611184',
      uid,
      gid,
      type: 'file',
      atime: expect.stringMatching(/^2023-11-1\d \d\d:\d\d:20$/) as string,
      atime_seconds: 1_700_000_000,
      mtime: expect.stringMatching(/^2020-09-1\d \d\d:\d\d:40$/) as string,
      mtime_seconds: 1_600_000_000,
      ctime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
      ctime_seconds: expect.any(Number) as number,
      dir_listing: [],
    });
  });

  it('does not follow links, and lists directories when asked', async () => {
    await symlink('/etc/passwd', at('b link'));
    await writeFile(at('a'), '');
    expect(await ask('status', { file: at('b link') })).toMatchObject({ data: { type: 'symlink', present: 1 } });
    expect(await ask('status', { file: folder })).toMatchObject({ data: { type: 'directory', dir_listing: [] } });
    expect(await ask('status', { file: folder, dirlist: true })).toMatchObject({
      data: { dir_listing: ['a', 'b link'] },
    });
    expect(await ask('status', { file: '/dev/null' })).toMatchObject({ data: { type: 'chardev', md5: '' } });
  });

  it('of a file that is missing fails, with all outputs', async () => {
    for (const name of ['gone', join('a', 'gone')]) {
      await writeFile(at('a'), '');
      expect(await ask('status', { file: at(name) })).toMatchObject({
        outcome: 'failed',
        statusCode: 1,
        statusMessage: `${at(name)} does not exist`,
        data: {
          name: at(name),
          output: 'not present',
          present: 0,
          size: 0,
          mode: '0000',
          md5: '',
          mtime_seconds: 0,
          uid: null,
          type: 'unknown',
          dir_listing: [],
        },
      });
    }
  });
});

describeInjections('filemgr and shells', {
  ddl: filemgr.ddl,
  ask: (action, inputs) => bench.asker.ask(node, { agent: 'filemgr', action, inputs: inputs as Request['inputs'] }), // JSON
  harmless: { file: '/no-such-folder/file' },
});
