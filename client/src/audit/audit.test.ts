import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import type { Reply, Request } from '@muster/protocol/messages';
import { replyQueueName } from '@muster/protocol/topology';
import { createSigner } from '@muster/runtime/crypto';
import { createLogger } from '@muster/runtime/logging';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';
import { createConsoleAudit } from './console-audit.ts';
import { RecordReader } from './read-records.ts';
import { verifyChains } from './verify-chains.ts';

const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
type Said = Readonly<Record<string, unknown>>;
// Lines of audits are JSON objects, as the audit's own tests see to.
const saidIn = async (file: string): Promise<Said[]> =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Said);

describe('what a console does', () => {
  let bench: EngineBench;
  let folder: string;
  beforeEach(async () => {
    bench = await createEngineBench();
    folder = join(dirname(dirname(bench.file)), 'audit');
  });
  afterEach(() => bench.close());

  const order = (more: Partial<EngineRunOrder> = {}): EngineRunOrder => ({
    agent: 'rpcutil',
    action: 'ping',
    inputs: {},
    target: { kind: 'nodes', identities: ['web1'] },
    timeoutMs: 5000,
    ...more,
  });
  const verify = async () =>
    unwrap(await verifyChains(folder, { authorities: [new X509Certificate(bench.authority.certificatePem)] }));

  it('is written down before it is done, without secrets', async () => {
    const engine = await bench.open();
    await bench.fleet.add('web1');
    const secret = 'hush1234';
    const started = unwrap(await engine.runs.start(order({ action: 'login', inputs: { token: secret } })));
    const [file] = await readdir(folder);
    await started.finished;
    await engine.evidence.export({ runId: started.runId, file: join(folder, 'x.evidence'), replace: false });
    await engine.ask({
      agent: 'rpcutil',
      action: 'ping',
      inputs: {},
      identities: ['web1'],
      timeoutMs: 5000,
      onAnswer: () => undefined,
    });
    await engine.runs.cancel(unwrap(await engine.runs.start(order())).runId);
    await engine.close();
    expect(file).toBe('audit-1.lock');
    const said = await saidIn(join(folder, 'audit-1.log'));
    expect(said.map(({ kind }) => kind)).toEqual([
      'opened',
      'request',
      'export',
      'question',
      'request',
      'cancel',
      'checkpoint',
    ]);
    expect(said[1]).toMatchObject({
      requestId: started.runId,
      caller: 'cert=alice',
      agent: 'rpcutil',
      action: 'login',
      inputs: { token: '(sensitive)', mode: 'plain' },
      target: { kind: 'nodes', identities: ['web1'] },
    });
    expect(JSON.stringify(said)).not.toContain(secret);
    expect(await verify()).toMatchObject([
      { name: 'audit-1', report: { isIntact: true, writer: { role: 'person', name: 'alice' }, notes: [] } },
    ]);
    expect((await readdir(folder)).sort()).toEqual(['audit-1.log', 'x.evidence']);
  });

  it('leaves no trace when nothing is asked', async () => {
    const engine = await bench.open();
    await engine.runs.list({ search: '', offset: 0, limit: 5 });
    await engine.close();
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  it('has what is not believed, and floods only by their number', async () => {
    const engine = await bench.open();
    const silent = (request: Request, usual: Reply) =>
      request.action === 'ping' && request.agent !== 'discovery' ? null : usual;
    const node = await bench.fleet.add('web2', { answer: silent });
    const started = unwrap(await engine.runs.start(order({ target: { kind: 'nodes', identities: ['web1', 'web2'] } })));
    await eventually(() => expect(node.requests.map(({ requestId }) => requestId)).toContain(started.runId));
    for (let number = 0; number < 150; number++)
      await node.sendRaw(Buffer.from('not a frame'), replyQueueName('alice', started.runId));
    await eventually(async () => {
      const said = await saidIn(join(folder, 'audit-1.log'));
      expect(said.filter(({ kind }) => kind === 'rejected')).toHaveLength(100);
    });
    const [rejected] = (await saidIn(join(folder, 'audit-1.log'))).filter(({ kind }) => kind === 'rejected');
    expect(rejected).toMatchObject({ code: 'frame.malformed', requestId: started.runId, agent: 'rpcutil' });
    await engine.close();
  });

  it('is not done when it cannot be written down, unless it only reads', async () => {
    await writeFile(folder, 'in the way');
    const engine = await bench.open();
    await bench.fleet.add('web1');
    const started = unwrap(await engine.runs.start(order()));
    expect((await started.finished).states).toEqual({ ok: 1 });
    expect(await engine.audit.note('export', {})).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
    await rm(folder);
    expect(await engine.audit.note('export', {})).toMatchObject({ ok: true });
  });

  it('has a chain for each process, and goes on with those of earlier ones', async () => {
    const [one, two] = [await bench.open(), await bench.open()];
    await Promise.all([one, two].map((engine) => engine.audit.note('export', { by: 'both' })));
    await one.close();
    await two.close();
    const three = await bench.open();
    unwrap(await three.audit.note('export', { by: 'three' }));
    await three.close();
    const chains = await verify();
    expect(chains.map(({ name, report }) => [name, report.isIntact, report.records])).toEqual([
      ['audit-1', true, 6],
      ['audit-2', true, 3],
    ]);
  });

  it('is read back, the newest first, by text and by page, and says where it was changed', async () => {
    const engine = await bench.open();
    for (let number = 1; number <= 30; number++) unwrap(await engine.audit.note('export', { what: `part ${number}` }));
    const page = async (search: string, offset: number, limit: number) =>
      unwrap(await engine.audit.records({ search, offset, limit }));
    expect(await page('PART 3', 0, 10)).toMatchObject({
      total: 2,
      rows: [{ text: 'what=part 30' }, { text: 'what=part 3' }],
    });
    const all = await page('', 0, 500);
    expect(all.total).toBe(31);
    expect((await page('', 10, 5)).rows).toEqual(all.rows.slice(10, 15));
    unwrap(await engine.audit.note('export', { what: 'part 31' }));
    expect((await page('part', 0, 1)).rows).toMatchObject([
      { chain: 'audit-1', file: 'audit-1.log', line: 32, text: 'what=part 31' },
    ]);
    await engine.close();
    const file = join(folder, 'audit-1.log');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('part 7"', 'part 8"'));
    expect((await verify())[0]?.report).toMatchObject({ isIntact: false, damage: [{ line: 9, kind: 'changed' }] });
  });
});

describe('an audit without an engine', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster console audit '));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('tells of a certificate that was not valid any more when it signed', async () => {
    let nowMs = Date.now();
    const authority = await createAuthority({ name: 'Test', clock: () => nowMs });
    const signer = unwrap(
      await createSigner(await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 1 })),
    );
    const audit = createConsoleAudit({ folder, signer, clock: () => nowMs, logger });
    unwrap(await audit.note('export', {}));
    nowMs += 3 * 86_400_000;
    unwrap(await audit.note('export', {}));
    await audit.close();
    const [chain] = unwrap(
      await verifyChains(folder, { authorities: [new X509Certificate(authority.certificatePem)] }),
    );
    expect(chain?.report).toMatchObject({ isIntact: true, notes: [{ kind: 'expired', line: 4 }] });
  });

  it('has nothing to read where there is no folder', async () => {
    const reader = new RecordReader(join(folder, 'none'));
    expect(unwrap(await reader.read({ search: '', offset: 0, limit: 10 }))).toEqual({ total: 0, shown: 0, rows: [] });
    expect(unwrap(await verifyChains(join(folder, 'none'), { authorities: [] }))).toEqual([]);
  });
});
