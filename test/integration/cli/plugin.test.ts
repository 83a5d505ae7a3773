import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { muster } from './muster-process.ts';

const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-plugin-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const plugin = (...args: readonly string[]) => muster(folder, 'plugin', ...args);

describe.each([
  ['javascript', []],
  ['python', ['--type', 'external', '--language', 'python']],
  ['bash', ['--type', 'external', '--language', 'bash']],
  ['ruby', ['--type', 'external', '--language', 'ruby']],
] as const)('an agent in %s', (language, flags) => {
  const name = `parcel_${language}`;
  const place = () => join(folder, name);

  it('is generated with a DDL without faults and a test that passes', async () => {
    const made = await plugin('generate', 'agent', name, '--actions', 'send,status', '-o', place(), ...flags);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(await plugin('lint', join(place(), `${name}.json`))).toEqual({ code: 0, out: '', err: '' });
    // The variable belongs to vitest and would make the inner runner report in its own way.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', `test/${name}.test.mjs`], {
      cwd: place(),
      env,
    });
    expect(stdout).toMatch(/^# pass 3$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it('is packaged for Debian, without its test, the same bytes each time', async () => {
    const [first, second] = [join(folder, `${name}-1.deb`), join(folder, `${name}-2.deb`)];
    for (const file of [first, second])
      expect(await plugin('package', place(), '-o', file)).toMatchObject({ code: 0, err: '' });
    expect((await readFile(first)).equals(await readFile(second))).toBe(true);
    const { stdout: about } = await run('dpkg-deb', ['-f', first]);
    expect(about).toContain(`Package: muster-agent-parcel-${language}\nVersion: 0.1.0\nArchitecture: all\n`);
    const { stdout: files } = await run('dpkg-deb', ['-c', first]);
    const program = language === 'javascript' ? `${name}.mjs` : name;
    const mode = language === 'javascript' ? '-rw-r--r--' : '-rwxr-xr-x';
    expect(files).toMatch(new RegExp(`^${mode} root/root .* \\./usr/share/muster/plugins/${program}$`, 'm'));
    expect(files).toContain(`./usr/share/muster/plugins/${name}.json`);
    expect(files).not.toContain('test');
    await run('dpkg-deb', ['-x', first, join(folder, `${name}-unpacked`)]);
    await run('sh', [
      '-c',
      `dpkg-deb -e "$1" "$2" && cd "$3" && md5sum -c "$2/md5sums"`,
      'sh',
      first,
      join(folder, `${name}-control`),
      join(folder, `${name}-unpacked`),
    ]);
  });
});

it('packages an archive to unpack in a plugin folder', async () => {
  const place = join(folder, 'letter');
  const archive = join(folder, 'letter.tar.gz');
  await plugin('generate', 'agent', 'letter', '-o', place);
  expect(await plugin('package', place, '--format', 'tar.gz', '-o', archive)).toMatchObject({ code: 0 });
  expect((await run('tar', ['-tzf', archive])).stdout).toBe('./letter.json\n./letter.mjs\n');
});

it('writes over nothing, packages no empty folder, and takes no odd names', async () => {
  const place = join(folder, 'kept');
  await plugin('generate', 'agent', 'kept', '-o', place);
  expect((await plugin('generate', 'agent', 'kept', '-o', place)).err).toContain('it is there already');
  expect((await plugin('package', join(place, 'test'))).err).toContain('holds no agent');
  expect((await plugin('package', join(folder, 'nowhere'))).err).toContain('cannot be read');
  expect((await plugin('generate', 'agent', 'Odd-Name')).err).toContain('"Odd-Name" cannot be the name');
  expect((await plugin('generate', 'agent', 'twice', '--actions', 'a,a')).err).toContain('An action is named twice');
  expect((await plugin('package', place, '--folder', 'relative')).err).toContain('absolute path');
});
