import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportFormatName, ReportJob, ReportOf } from '@muster/protocol/bridge';
import { fail, ok, unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { storeHostileRun } from '../../../test/support/client/hostile-run.ts';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';
import type { ReportRow } from './report.ts';

let bench: EngineBench;
let engine: Engine;
let folder: string;
let runId: string;
const sort = { by: '@identity', descending: false };
const ofRun = (): Extract<ReportOf, { kind: 'run' }> => ({ kind: 'run', runId, states: [], search: '', sort });

beforeAll(async () => {
  bench = await createEngineBench();
  folder = await mkdtemp(join(tmpdir(), 'muster reports test '));
  const storage = await bench.openStorage();
  runId = await storeHostileRun(storage);
  const facts = (number: number) => ({ os: { name: number % 2 === 0 ? 'Debian' : 'Rocky' }, note: '=1+1' });
  unwrap(
    await storage.storeNodes(
      Array.from({ length: 10 }, (_, number) => ({
        identity: `web${number}`,
        atMs: 1_000 * number,
        agentVersion: '1.2.3',
        clockSkewMs: 5,
        digests: { facts: '1', classes: '2', agents: '3', collectives: '4' },
        collectives: ['muster'],
        facts: facts(number),
        classes: ['role::web', 'base'],
        agents: ['rpcutil'],
      })),
    ),
  );
  engine = await bench.open();
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

describe('writing a file', () => {
  it('has the whole report, and the audit tells', async () => {
    const file = join(folder, 'run.csv');
    const { rows, bytes } = unwrap(await engine.reports.write(ofRun(), 'csv', { file, replace: false }));
    const text = await readFile(file, 'utf8');
    expect(rows).toBe(text.split('\r\n').length - 2);
    expect(bytes).toBe(Buffer.byteLength(text));
    const audited = await readFile(join(engine.configuration.home, 'audit', 'audit-1.log'), 'utf8');
    expect(audited).toContain('"what":"report"');
    expect(audited).toContain(file);
  });

  it('leaves a file that is there, unless it is to be replaced', async () => {
    const file = join(folder, 'mine.csv');
    await writeFile(file, 'mine');
    expect(await engine.reports.write(ofRun(), 'csv', { file, replace: false })).toMatchObject({
      ok: false,
      error: { code: 'file.unwritable' },
    });
    expect(await readFile(file, 'utf8')).toBe('mine');
    unwrap(await engine.reports.write(ofRun(), 'csv', { file, replace: true }));
    expect(await readFile(file, 'utf8')).not.toBe('mine');
  });

  it.each([
    ['nowhere/run.csv', /ENOENT/],
    ['.', /cannot be written/],
  ])('says why %s cannot be written', async (name, why) => {
    const written = await engine.reports.write(ofRun(), 'csv', { file: join(folder, name), replace: true });
    expect(written).toMatchObject({ ok: false, error: { code: 'file.unwritable' } });
    if (!written.ok) expect(written.error.message).toMatch(why);
  });

  it('leaves nothing of a report that was interrupted, or cannot be read to its end', async () => {
    const own = join(folder, 'left');
    await mkdir(own);
    const stop = new AbortController();
    stop.abort();
    expect(
      await engine.reports.write(ofRun(), 'json', { file: join(own, 'a.json'), replace: false, signal: stop.signal }),
    ).toMatchObject({ ok: false, error: { code: 'report.interrupted' } });
    const broken = await bench.open({
      storage: (storage) => ({ ...storage, answersOf: () => Promise.resolve(fail('storage.failed', 'the disk died')) }),
    });
    for (const format of ['csv', 'json', 'html', 'pdf', 'names'] as const)
      expect(await broken.reports.write(ofRun(), format, { file: join(own, 'b'), replace: false })).toMatchObject({
        ok: false,
        error: { code: 'storage.failed', message: 'the disk died' },
      });
    expect(await readdir(own)).toEqual([]);
  });

  it('refuses what there is not', async () => {
    const file = join(folder, 'never');
    const refused = async (of: ReportOf, format: ReportFormatName = 'csv') => {
      const written = await engine.reports.write(of, format, { file, replace: false });
      return written.ok ? null : written.error.code;
    };
    expect(await refused({ ...ofRun(), runId: '0'.repeat(32) })).toBe('run.unknown');
    expect(await refused({ kind: 'inventory', filter: 'os=(', sort })).toMatch(/^filter\./);
    expect(await refused({ kind: 'inventory', filter: '', sort, columns: ['nosuch'] })).toBe('usage.invalid');
    expect(await refused(ofRun(), 'evidence')).toBe('usage.invalid');
    expect(existsSync(file)).toBe(false);
  });
});

describe('the inventory', () => {
  it('is written with the nodes that match, are named, and in order', async () => {
    const of: ReportOf = {
      kind: 'inventory',
      filter: 'os.name=Debian',
      identities: ['web2', 'web4', 'web5', 'nobody'],
      sort: { by: '@lastSeen', descending: true },
      columns: ['identity', 'facts.os.name', 'facts.note', 'classes', 'last_seen'],
    };
    const { text, rows } = unwrap(await engine.reports.copy(of, 'csv'));
    expect(rows).toBe(2);
    expect(text).toBe(
      'identity,facts.os.name,facts.note,classes,last_seen\r\n' +
        "web4,Debian,'=1+1,role::web base,1970-01-01T00:00:04.000Z\r\n" +
        "web2,Debian,'=1+1,role::web base,1970-01-01T00:00:02.000Z\r\n",
    );
  });

  it('is drawn where values tell something', async () => {
    const of: ReportOf = { kind: 'inventory', filter: '', sort, columns: ['identity', 'facts.os.name', 'facts.note'] };
    const { report } = unwrap(await engine.reports.open(of, 'html'));
    expect(report.charts.map(({ title }) => title)).toEqual(['os.name']);
  });

  it('says that only the fleet can tell', async () => {
    expect(await engine.reports.open({ kind: 'inventory', filter: "fstat('/x').size>1", sort }, 'csv')).toMatchObject({
      ok: false,
      error: { code: 'filter.needs_fleet' },
    });
  });
});

describe('a comparison of two runs', () => {
  const laterId = runIdOf(0x67);
  const pair = (kinds: Extract<ReportOf, { kind: 'comparison' }>['kinds']): ReportOf => ({
    kind: 'comparison',
    before: runId,
    after: laterId,
    ignore: [],
    kinds,
  });

  beforeAll(async () => {
    const storage = await bench.openStorage();
    const summary = sampleRun(laterId, { expected: 2, responses: 2, states: { ok: 1, failed: 1 } });
    const answers = [
      { ...sampleAnswer('markup.example.com', { text: '<b>' }), state: 'failed' as const },
      sampleAnswer('new.example.com'),
    ];
    unwrap(await storage.insertRun(summary, 'console'));
    unwrap(await storage.recordRun({ summary, answers }, 'console'));
  });

  it('has every node of both, with what differs', async () => {
    const { report } = unwrap(await engine.reports.open(pair([]), 'html'));
    const rows: ReportRow[] = [];
    for await (const slice of report.rows()) rows.push(...slice);
    expect(rows).toHaveLength(report.total);
    const of = (identity: string) => rows.find((row) => row.identity === identity)?.values.slice(0, 4);
    expect(of('markup.example.com')).toEqual(['markup.example.com', 'Another state', 'ok', 'failed']);
    expect(of('new.example.com')).toEqual(['new.example.com', 'Only in the second run', null, 'ok']);
  });

  it('has only the kinds that are wanted', async () => {
    const { text, rows } = unwrap(await engine.reports.copy(pair(['only_after']), 'json'));
    expect(rows).toBe(1);
    expect(JSON.parse(text)).toMatchObject([
      { identity: 'new.example.com', kind: 'only_after', before: { state: null }, after: { state: 'ok', data: {} } },
    ]);
  });

  it('has only the nodes that are shown', async () => {
    const names = async (more: object) =>
      unwrap(await engine.reports.copy({ ...pair([]), ...more }, 'names')).text.split('\n');
    expect(await names({ search: 'new.' })).toEqual(['new.example.com', '']);
    expect(await names({ field: 'text' })).toEqual(['markup.example.com', '']);
  });

  it('is one of the runs that the history has', async () => {
    const of = { kind: 'history', query: { search: '' } } as const;
    const { report } = unwrap(await engine.reports.open(of, 'csv'));
    expect(report.total).toBe(2);
    const { text, rows } = unwrap(await engine.reports.copy({ ...of, runIds: [laterId] }, 'json'));
    expect(rows).toBe(1);
    expect(JSON.parse(text)).toMatchObject([{ run_id: laterId, asked: 2, ok: 1, states: { ok: 1, failed: 1 } }]);
    const none = { ...of, query: { search: '', person: 'nobody' } };
    expect(unwrap(await engine.reports.copy(none, 'json')).text).toBe('[]\n');
  });
});

it('copies rows alone', async () => {
  const of: ReportOf = { kind: 'inventory', filter: '', identities: ['web1'], sort, columns: ['identity', 'classes'] };
  const copied = async (format: 'csv' | 'markdown' | 'json' | 'names') =>
    unwrap(await engine.reports.copy(of, format)).text;
  expect(await copied('names')).toBe('web1\n');
  expect(JSON.parse(await copied('json'))).toEqual([{ identity: 'web1', classes: ['role::web', 'base'] }]);
  expect(await copied('markdown')).toBe('| Node | Classes |\n| --- | --- |\n| web1 | role::web, base |\n');
  expect(JSON.parse(unwrap(await engine.reports.copy({ ...of, identities: ['nobody'] }, 'json')).text)).toEqual([]);
});

describe('jobs', () => {
  const jobOf = (reportId: string | null): ReportJob | undefined =>
    engine.reports.jobs.list.find((job) => job.reportId === reportId);

  it('are written beside the database until a browser has fetched them, and forgotten', async () => {
    const { jobs } = engine.reports;
    const seen: string[] = [];
    const stop = jobs.onChange((list) => seen.push(...list.map(({ state }) => state)));
    const reportId = unwrap(await jobs.start(ofRun(), 'html', null));
    await eventually(() => expect(jobOf(reportId)).toMatchObject({ state: 'ready', file: null, format: 'html' }));
    const { file, name } = unwrap(jobs.ready(reportId ?? ''));
    expect(name).toMatch(/^muster-rpcutil-ping-00000000-\d{4}-\d\d-\d\d\.html$/);
    expect(jobOf(reportId)?.bytes).toBe((await readFile(file)).length);
    expect(seen).toEqual(expect.arrayContaining(['writing', 'ready']));
    await jobs.dismiss(reportId ?? '');
    stop();
    expect(existsSync(file)).toBe(false);
    expect(jobs.ready(reportId ?? '')).toMatchObject({ ok: false, error: { code: 'report.unknown' } });
  });

  it('go where a person says, or nowhere', async () => {
    const { jobs } = engine.reports;
    expect(unwrap(await jobs.start(ofRun(), 'json', () => Promise.resolve(null)))).toBeNull();
    const file = join(folder, 'chosen.json');
    const reportId = unwrap(await jobs.start(ofRun(), 'json', () => Promise.resolve(file)));
    await eventually(() => expect(jobOf(reportId)).toMatchObject({ state: 'ready', file }));
    await jobs.dismiss(reportId ?? '');
    expect(existsSync(file)).toBe(true);
  });

  it('tell what went wrong, and can be stopped', async () => {
    const { jobs } = engine.reports;
    const failed = unwrap(await jobs.start(ofRun(), 'csv', () => Promise.resolve(join(folder, 'nowhere', 'x'))));
    await eventually(() =>
      expect(jobOf(failed)).toMatchObject({ state: 'failed', fault: { code: 'file.unwritable' } }),
    );
    const held = Promise.withResolvers<null>();
    const slow = await bench.open({
      storage: (storage) => ({
        ...storage,
        answersOf: (...of) => held.promise.then(() => storage.answersOf(...of)),
      }),
    });
    const stopped = unwrap(await slow.reports.jobs.start(ofRun(), 'csv', null));
    unwrap(slow.reports.jobs.cancel(stopped ?? ''));
    held.resolve(null);
    await eventually(() => expect(slow.reports.jobs.list).toMatchObject([{ state: 'cancelled' }]));
  });

  it('leave nothing behind when the console closes', async () => {
    const closing = await bench.open();
    unwrap(await closing.reports.jobs.start(ofRun(), 'pdf', null));
    await closing.close();
    expect(await readdir(join(closing.configuration.dataFolder, 'reports'))).toEqual([]);
  });
});

describe('a report of 50,000 rows', () => {
  const total = 50_000;
  it.each(['csv', 'json', 'ndjson', 'markdown', 'html'] as const)(
    'is read no faster than it is written: %s',
    async (format) => {
      const identities = Array.from({ length: total }, (_, number) => `node${number}.example.com`);
      let asked = 0;
      const many = await bench.open({
        storage: (storage) => ({
          ...storage,
          reportedAnswers: () => Promise.resolve(ok({ identities, states: { ok: total } })),
          reportedOutputs: () => Promise.resolve(ok(['text'])),
          answersOf: (_runId, names) => {
            asked += names.length;
            const rows = names.map((identity) => ({
              ...({
                identity,
                state: 'ok',
                arrival: 'on_time',
                statusCode: 0,
                statusMessage: 'OK',
                elapsedMs: 1,
              } as const),
              ...({ outcome: 'ok', arrivedAtMs: 1, timings: null, signedBy: null } as const),
              data: { text: 'x' },
            }));
            return Promise.resolve(ok({ rows, taken: names.length }));
          },
        }),
      });
      const opened = unwrap(await many.reports.open(ofRun(), format));
      let longest = 0;
      let taken = 0;
      for await (const piece of opened.pieces()) {
        taken += 1;
        longest = Math.max(longest, piece.length);
        // Never more than a slice ahead of what was taken: a piece of each, and the head.
        expect(asked).toBeLessThanOrEqual(taken * 200);
      }
      expect(asked).toBe(total);
      expect(longest).toBeLessThan(256 * 1024);
      await many.close();
    },
  );
});
