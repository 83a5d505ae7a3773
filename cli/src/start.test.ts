import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const starter = fileURLToPath(new URL('../bin/keep-compiled.mjs', import.meta.url));
const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-compiled-'));
  // Loaded from a file: what is given on the command line is not kept.
  await writeFile(join(folder, 'program.mjs'), 'export const greeting = "hello";\n');
  await writeFile(
    join(folder, 'start.mjs'),
    `import { keepCompiled } from ${JSON.stringify(starter)};\nkeepCompiled('muster');\nconst { greeting } = await import('./program.mjs');\nconsole.log(greeting);\n`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

/** Starts the program with a cache folder; gives what it printed. */
function start(cache: string): string {
  const { stdout } = spawnSync(process.execPath, [join(folder, 'start.mjs')], {
    env: { HOME: folder, XDG_CACHE_HOME: cache },
    encoding: 'utf8',
  });
  return stdout;
}

const kept = async (cache: string) => readdir(join(cache, 'muster', 'compiled')).catch(() => []);

describe('what was compiled at a start', () => {
  it('is kept in the cache folder, by default that of the home', async () => {
    expect(start(join(folder, 'told'))).toBe('hello\n');
    expect(await kept(join(folder, 'told'))).toHaveLength(1);
    for (const unusable of ['', 'relative']) expect(start(unusable)).toBe('hello\n');
    expect(await kept(join(folder, '.cache'))).toHaveLength(1);
  });

  it('is neither kept nor taken where others can write', async () => {
    const compiled = join(folder, 'shared', 'muster', 'compiled');
    await mkdir(compiled, { recursive: true });
    await chmod(compiled, 0o777);
    expect(start(join(folder, 'shared'))).toBe('hello\n');
    expect(await readdir(compiled)).toEqual([]);
  });

  it.runIf(isRoot)('is neither kept nor taken where somebody else owns the folder', async () => {
    const compiled = join(folder, 'theirs', 'muster', 'compiled');
    await mkdir(compiled, { recursive: true, mode: 0o700 });
    await chown(compiled, 65534, 65534);
    expect(start(join(folder, 'theirs'))).toBe('hello\n');
    expect(await readdir(compiled)).toEqual([]);
  });

  it('is left where the folder cannot be made, and the program starts all the same', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(start(join(folder, 'file'))).toBe('hello\n');
  });
});
