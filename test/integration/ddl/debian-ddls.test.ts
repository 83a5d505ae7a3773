import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { convertAgentDdl, convertDataDdl, pluginNameOfFile } from '@muster/protocol/ddl';
import { readRubyDdl, type RubyDdl } from '@muster/protocol/ruby-ddl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const packages = ['mcollective-common', 'mcollective', 'mcollective-client'];
const golden = JSON.parse(
  await readFile(new URL('../../golden/debian-ddls.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, unknown>>;

let folder = '';
const ddls = new Map<string, RubyDdl | string>();

/** Downloads the packages into `folder`; where the lists of packages are missing or old, with lists of its own. */
async function download(): Promise<void> {
  try {
    await run('apt-get', ['download', '-q', ...packages], { cwd: folder });
  } catch {
    const own = ['-o', `Dir::State=${folder}/state`, '-o', `Dir::Cache=${folder}/cache`];
    await run('mkdir', ['-p', `${folder}/state/lists/partial`, `${folder}/cache/archives/partial`]);
    await run('apt-get', [...own, 'update', '-q'], { cwd: folder });
    await run('apt-get', [...own, 'download', '-q', ...packages], { cwd: folder });
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-ddls-'));
  await download();
  const archives = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
  for (const archive of archives) await run('dpkg-deb', ['-x', join(folder, archive), join(folder, 'files')]);
  const found = await readdir(join(folder, 'files'), { recursive: true, withFileTypes: true });
  for (const entry of found.filter(({ name }) => name.endsWith('.ddl'))) {
    const file = join(entry.parentPath, entry.name);
    const result = readRubyDdl(await readFile(file, 'utf8'));
    const key = relative(join(folder, 'files'), file).replace(/^.*\/mcollective\//, '');
    ddls.set(key, result.ok ? result.value : result.error.message);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function ddl(name: string): RubyDdl {
  const found = ddls.get(name);
  if (found === undefined || typeof found === 'string') throw new Error(`${name}: ${found ?? 'not in the packages'}`);
  return found;
}

describe("the Ruby DDLs of Debian's mcollective packages", () => {
  it('are all read', () => {
    expect([...ddls].filter(([, found]) => typeof found === 'string')).toEqual([]);
    expect([...ddls.keys()]).toEqual(expect.arrayContaining(Object.keys(golden)));
    expect(ddls.size).toBeGreaterThanOrEqual(20);
  });

  it.each(Object.entries(golden))('%s says what is known of it', (name, expected) => {
    const { meta, ...document } = ddl(name).document;
    // What is known was written down without authors.
    const { author, ...others } = meta;
    expect(author).toEqual(expect.any(String));
    expect({ ...document, meta: others }).toEqual(expected);
  });

  it('agents and data plugins become DDLs of ours', () => {
    const kinds = [...ddls.keys()].flatMap((name) => {
      const { kind, document } = ddl(name);
      if (kind !== 'agent' && kind !== 'data') return [];
      const given = pluginNameOfFile(name, kind);
      const result = (kind === 'agent' ? convertAgentDdl : convertDataDdl)(
        document,
        given === undefined ? {} : { name: given },
      );
      return [`${kind} ${result.ok ? result.value.ddl.name : result.error.message}`];
    });
    expect(kinds.sort()).toEqual(['agent rpcutil', 'data agent', 'data collective', 'data fact', 'data fstat']);
  });

  it('discovery plugins say what they understand', () => {
    expect(ddl('discovery/mc.ddl')).toMatchObject({
      kind: 'discovery',
      capabilities: ['classes', 'facts', 'identity', 'agents', 'compound'],
    });
  });
});
