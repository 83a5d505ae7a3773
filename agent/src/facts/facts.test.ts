import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '@muster/runtime/logging';
import { thisSystem } from './builtin/index.ts';
import { createFactStore, factAt, mergeFacts, stableFacts, type FactSources } from './index.ts';
import { parseFacts } from './parse-facts.ts';

describe('parseFacts', () => {
  it.each([
    [
      'a.yaml',
      'os: { name: Debian }\nlist: [1, x]\nwhen: 2024-01-02\n',
      { os: { name: 'Debian' }, list: [1, 'x'], when: '2024-01-02' },
    ],
    ['a.json', '{"a": {"b": [null, true]}}', { a: { b: [null, true] } }],
    ['a.txt', '# a comment\nrole=web\r\n url = http://x/?a=b \nnothing\n=x\n', { role: 'web', url: 'http://x/?a=b' }],
    ['a.yaml', '', {}],
    ['a.yaml', '# nothing\n', {}],
    ['a.yaml', 'x: .inf\n', { x: 'Infinity' }],
  ])('%s %j', (path, text, facts) => {
    expect(parseFacts(path, text)).toEqual({ ok: true, value: facts });
  });

  it.each([
    ['a.yaml', 'x: [1', /^a\.yaml:1: /],
    ['a.yaml', 'x: 1\nx: 2\n', /^a\.yaml:2: Map keys must be unique/],
    ['a.yaml', '['.repeat(100_000), /^a\.yaml:1: it is nested/],
    ['a.yaml', '- 1\n', /does not hold a map/],
    ['a.json', '{', /a\.json: /],
    [
      'a.yaml',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]\n`,
      /alias/,
    ],
    ['a.json', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, /nested deeper than 32/],
    [
      'a.json',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`f${index}`, 1]))),
      /10001 facts; the limit is 10000/,
    ],
  ])('%s: broken content is a fault that names the file', (path, text, message) => {
    const parsed = parseFacts(path, text);
    expect(parsed).toMatchObject({ ok: false, error: { code: 'facts.unreadable' } });
    expect(parsed.ok ? '' : parsed.error.message).toMatch(message);
  });

  it('takes a fact named __proto__ for what it is', () => {
    const parsed = parseFacts('a.json', '{"__proto__": {"polluted": 1}, "x": 2}');
    const facts = mergeFacts([parsed.ok ? parsed.value : {}, { y: 3 }]);
    expect(Object.keys(facts)).toEqual(['__proto__', 'x', 'y']);
    expect(factAt(facts, '__proto__.polluted')).toBe(1);
    expect(factAt(facts, 'polluted')).toBeUndefined();
    expect(factAt({}, '__proto__')).toBeUndefined();
  });
});

describe('stableFacts', () => {
  it('leaves out what differs whenever one looks', () => {
    const facts = {
      os: { name: 'x' },
      system_uptime: { seconds: 1 },
      memory: { system: { total: '1', used: '2', available_bytes: 3 } },
      mountpoints: { '/': { size: 1, used_bytes: 2 } },
      processors: { count: 2, speed: '1 GHz' },
    };
    expect(stableFacts(facts)).toEqual({
      os: { name: 'x' },
      memory: { system: { total: '1' } },
      mountpoints: { '/': { size: 1 } },
      processors: { count: 2 },
    });
  });
});

describe('the fact store', () => {
  let folder: string;
  let nowMs = 0;
  let faults: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-facts-'));
    await mkdir(join(folder, 'facts.d'));
    faults = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const at = (name: string) => join(folder, name);
  const store = (sources: Partial<FactSources> = {}) =>
    createFactStore(
      {
        builtin: false,
        builtinMaxAgeMs: 300_000,
        files: [at('one.yaml'), at('two.json')],
        directory: at('facts.d'),
        ...sources,
      },
      {
        clock: () => nowMs,
        // Every line of the logger is a JSON object.
        logger: createLogger({
          name: 'test',
          level: 'info',
          destination: { write: (line) => faults.push((JSON.parse(line) as { reason: string }).reason) },
        }),
        system: thisSystem(),
      },
    );

  it('merges files, then the folder by name; later ones win as a whole; programs are not run', async () => {
    await writeFile(at('one.yaml'), 'a: 1\nos: { name: x, family: y }\n');
    await writeFile(at('two.json'), '{"b": 2, "os": {"name": "z"}}');
    await writeFile(at('facts.d/20.txt'), 'b=twenty\nc=3\n');
    await writeFile(at('facts.d/10.yaml'), 'b: ten\nd: 4\n');
    await writeFile(at('facts.d/.hidden.yaml'), 'e: 5\n');
    await writeFile(at('facts.d/30.sh'), `#!/bin/sh\ntouch ${at('canary')}\necho e=5\n`);
    await chmod(at('facts.d/30.sh'), 0o755);
    expect(await store().current()).toEqual({ a: 1, os: { name: 'z' }, b: 'twenty', c: '3', d: 4 });
    expect(faults).toEqual([]);
  });

  it('reads again what has changed, and gives the same object while nothing has', async () => {
    await writeFile(at('one.yaml'), 'a: 1\n');
    await writeFile(at('two.json'), '{}');
    const facts = store();
    const first = await facts.current();
    await writeFile(at('one.yaml'), 'a: 2\n');
    await utimes(at('one.yaml'), 10, 10);
    expect(await facts.current(), 'within a second').toBe(first);
    nowMs += 1000;
    const second = await facts.current();
    expect(second).toEqual({ a: 2 });
    nowMs += 1000;
    expect(await facts.current()).toBe(second);
    await writeFile(at('facts.d/x.yaml'), 'x: 1\n');
    nowMs += 1000;
    expect(await facts.current()).toEqual({ a: 2, x: 1 });
    await rm(at('facts.d/x.yaml'));
    nowMs += 1000;
    expect(await facts.current()).toEqual({ a: 2 });
  });

  it('keeps the last good facts of a source that breaks, and says so once', async () => {
    await writeFile(at('one.yaml'), 'a: 1\n');
    await writeFile(at('two.json'), '{"b": 2}');
    const facts = store();
    await facts.current();
    await writeFile(at('one.yaml'), 'a: [1\n');
    await rm(at('two.json'));
    for (let round = 0; round < 3; round++) {
      nowMs += 1000;
      expect(await facts.current()).toEqual({ a: 1, b: 2 });
    }
    expect(faults).toHaveLength(2);
    await writeFile(at('one.yaml'), 'a: 3\n');
    nowMs += 1000;
    expect(await facts.current()).toEqual({ a: 3, b: 2 });
  });

  it('refuses files that are too large or no files, and lives without a folder', async () => {
    await writeFile(at('one.yaml'), `a: "${'x'.repeat(1024 * 1024)}"\n`);
    await mkdir(at('two.json'));
    expect(await store({ directory: at('nowhere') }).current()).toEqual({});
    expect(faults.sort()).toEqual([
      expect.stringMatching(/one\.yaml has 1048582 bytes; the limit is 1048576/),
      expect.stringMatching(/two\.json is not a file|EISDIR/),
    ]);
  });

  it('collects built-in facts once for their time, and under those of files', async () => {
    await writeFile(at('one.yaml'), 'kernel: Mine\n');
    await writeFile(at('two.json'), '{}');
    const facts = store({ builtin: true });
    const first = await facts.current();
    expect(first).toMatchObject({ kernel: 'Mine', os: { family: expect.any(String) as string } });
    nowMs += 299_000;
    expect(await facts.current()).toBe(first);
    nowMs += 1000;
    expect(await facts.current()).not.toBe(first);
  });
});
