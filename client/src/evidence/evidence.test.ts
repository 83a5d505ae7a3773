import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detachCertificate, seal, type Signer } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { compressor, createSigner, randomBytes, randomId, serialText } from '@muster/runtime/crypto';
import { splitLines } from '@muster/runtime/files';
import { createAuthority, createRevocationList, issueCertificate, type RevocationReason } from '@muster/runtime/pki';
import { readRevocationLists } from '@muster/runtime/revocations';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { importRuns } from '../database/index.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';
import { fingerprintOfDer } from './fingerprint.ts';
import { sealedBytes } from './format.ts';
import { longestLineBytes, verifyEvidence, verifyLines, type EvidenceReport, type EvidenceTrust } from './index.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Line = Record<string, Json>;

let bench: EngineBench;
let engine: Engine;
let folder: string;
let trust: EvidenceTrust;
/** A run by name on web1 and web2, which answer, and web3, which does not; and one by filter. */
let directed: { readonly runId: string; readonly bytes: Buffer };
let broadcast: typeof directed;

/** Consoles ask nodes about themselves besides, and need what they say. */
const isOfRun = ({ action }: { readonly action: string }): boolean => action === 'get_fact';

async function run(order: Partial<EngineRunOrder>): Promise<string> {
  const started = await engine.runs.start({
    agent: 'rpcutil',
    action: 'get_fact',
    inputs: { fact: 'os' },
    target: { kind: 'filter', filter: '' },
    timeoutMs: 600,
    ...order,
  });
  return (await unwrap(started).finished).runId;
}

async function exported(runId: string, by = engine): Promise<Buffer> {
  const file = join(folder, `${runId}.evidence`);
  unwrap(await by.evidence.export({ runId, file, replace: true }));
  return readFile(file);
}

const exportedRun = async (order: Partial<EngineRunOrder>) => {
  const runId = await run(order);
  return { runId, bytes: await exported(runId) };
};
const verify = (bytes: Buffer, by = trust): Promise<EvidenceReport> =>
  verifyLines(splitLines([bytes], longestLineBytes), by);
// The file has just been written by ourselves.
const linesOf = (bytes: Buffer): Line[] =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const put = (lines: readonly Line[]): Buffer => Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
/** The bytes of the message in a line; none where there is no message. */
const framesOf = ({ rest, reply }: Line): Buffer => {
  const text = rest ?? (reply as Line | undefined)?.['rest'];
  return Buffer.from(typeof text === 'string' ? text : '', 'base64');
};
const kindsOf = ({ damage }: EvidenceReport) => [...new Set(damage.map(({ kind }) => kind))];

/** Lines as an exporter who lies would write them: sealed anew. */
async function sealedAnew(lines: readonly Line[], by?: Signer): Promise<Buffer> {
  const signer = by ?? (await signerOf('alice'));
  const certificate = {
    kind: 'certificate',
    fingerprint: fingerprintOfDer(signer.certificate),
    der: Buffer.from(signer.certificate).toString('base64'),
  };
  const [head = {}, ...rest] = lines.filter(({ kind }) => kind !== 'seal');
  const before = put([
    head,
    ...(rest.some(({ fingerprint }) => fingerprint === certificate.fingerprint) ? [] : [certificate]),
    ...rest,
  ]);
  const sealing = { lines: linesOf(before).length, sha256: createHash('sha256').update(before).digest('hex') };
  const signature = Buffer.from(await signer.sign(sealedBytes(sealing))).toString('base64');
  return Buffer.concat([before, put([{ kind: 'seal', ...sealing, signedBy: certificate.fingerprint, signature }])]);
}

let alice: Signer | undefined;
async function signerOf(
  name: string,
  role: 'person' | 'node' = 'person',
  authority = bench.authority,
): Promise<Signer> {
  if (name === 'alice' && role === 'person' && alice !== undefined) return alice;
  const signer = unwrap(await createSigner(await issueCertificate(authority, { role, name, validDays: 1 })));
  if (name === 'alice' && role === 'person') alice = signer;
  return signer;
}

beforeAll(async () => {
  bench = await createEngineBench();
  folder = await mkdtemp(join(tmpdir(), 'muster evidence test '));
  trust = { authorities: [new X509Certificate(bench.authority.certificatePem)], revocations: undefined };
  engine = await bench.open();
  await bench.fleet.add('web1', { facts: { os: 'Debian' } });
  await bench.fleet.add('web2', {
    facts: { os: 'x'.repeat(3000) },
    answer: (request, usual) =>
      isOfRun(request) ? { ...usual, outcome: 'failed', statusCode: 1, statusMessage: 'no luck' } : usual,
  });
  await bench.fleet.add('web3', { answer: (request, usual) => (isOfRun(request) ? null : usual) });
  directed = await exportedRun({ target: { kind: 'nodes', identities: ['web1', 'web2', 'web3', 'web4'] } });
  broadcast = await exportedRun({ delivery: 'broadcast' });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

describe('evidence', () => {
  it('proves who asked what, what each node answered, and who did not', async () => {
    expect(await verify(directed.bytes)).toMatchObject({
      verdict: 'proven',
      runId: directed.runId,
      asked: {
        by: { role: 'person', name: 'alice' },
        agent: 'rpcutil',
        action: 'get_fact',
        inputs: { fact: 'os' },
        filter: null,
      },
      sealedBy: { role: 'person', name: 'alice' },
      requests: 4,
      nodes: 4,
      replies: 2,
      outcomes: { ok: 1, failed: 1 },
      silent: ['web3', 'web4'],
      damage: [],
      gaps: [],
    });
    expect(await verify(broadcast.bytes)).toMatchObject({
      verdict: 'proven',
      asked: { filter: '' },
      requests: 1,
      replies: 2,
      silent: ['web3'],
    });
  });

  it('has each certificate once, and nobody but its owner reads it', async () => {
    const certificates = linesOf(directed.bytes).filter(({ kind }) => kind === 'certificate');
    expect(certificates).toHaveLength(3);
    const file = join(folder, `${directed.runId}.evidence`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(unwrap(await verifyEvidence(file, trust)).verdict).toBe('proven');
    expect((await readdir(folder)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('is not written over what is there, nor before the run has ended, nor for a run of which nothing is kept', async () => {
    const file = join(folder, 'taken');
    await writeFile(file, 'x');
    const order = { runId: directed.runId, file, replace: false };
    expect(await engine.evidence.export(order)).toMatchObject({ error: { code: 'file.unwritable' } });
    expect(await readFile(file, 'utf8')).toBe('x');
    const without = await bench.open({ history: { evidence: false } });
    const started = unwrap(
      await without.runs.start({
        agent: 'rpcutil',
        action: 'ping',
        inputs: {},
        target: { kind: 'nodes', identities: ['web1', 'web3'] },
        timeoutMs: 600,
      }),
    );
    const late = { ...order, runId: started.runId, file: join(folder, 'none') };
    expect(await engine.evidence.export(late)).toMatchObject({ error: { code: 'evidence.missing' } });
    await started.finished;
    expect(await engine.evidence.export(late)).toMatchObject({ error: { code: 'evidence.missing' } });
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  it('has sensitive inputs as they were sealed to the node, and in no other way', async () => {
    const secret = 'hush1234';
    const { bytes } = await exportedRun({
      action: 'login',
      inputs: { token: secret },
      target: { kind: 'nodes', identities: ['web1'] },
    });
    const held = await readFile(bench.file);
    const wal = await readFile(`${bench.file}-wal`).catch(() => Buffer.alloc(0));
    const frames = linesOf(bytes).map((line) => framesOf(line));
    for (const text of [bytes, ...frames, held, wal]) expect(text.includes(secret)).toBe(false);
    expect(await verify(bytes)).toMatchObject({
      verdict: 'proven',
      asked: { inputs: { mode: 'plain' } },
      outcomes: { ok: 1 },
    });
  });
});

describe('verification', () => {
  it('finds a change of any byte', async () => {
    const whole = directed.bytes;
    // Each place of base64 and of JSON comes by with each bit.
    for (let at = 0; at < whole.length; at += 29) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect((await verify(changed)).verdict, `byte ${at}`).toBe('damaged');
    }
  });

  it('finds each line that was removed, written twice, or exchanged with the next', async () => {
    for (const { bytes } of [directed, broadcast]) {
      const lines = linesOf(bytes);
      for (const [at, line] of lines.entries()) {
        expect((await verify(put(lines.toSpliced(at, 1)))).verdict).toBe('damaged');
        expect((await verify(put(lines.toSpliced(at, 0, line)))).verdict).toBe('damaged');
        const next = lines[at + 1];
        if (next !== undefined) expect((await verify(put(lines.toSpliced(at, 2, next, line)))).verdict).toBe('damaged');
      }
    }
  });

  it('finds any end that was cut off', async () => {
    for (let size = 0; size < directed.bytes.length; size += 61)
      expect((await verify(directed.bytes.subarray(0, size))).verdict, `${size} bytes`).toBe('damaged');
  });

  /** Values that stand in the file and that no node and no person signed but in the seal: the console's own words. */
  const ownWords = [
    /^0\.(exportedAtMs|version|described)/,
    /^0\.summary\.(target|state|hold|holdUntilMs|isConducted|fault|startedAtMs|sentAtMs|finishedAtMs|discoveryMs)/,
    /^0\.summary\.(timeoutMs|deliveryMs|executionMs|ttlMs|expected|responses|states|unexpected)/,
    /\.row\.(arrival|arrivedAtMs|elapsedMs)$/,
  ];

  function* leaves(value: Json, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
    if (typeof value !== 'object' || value === null) yield path;
    else
      for (const [name, part] of Object.entries(value))
        yield* leaves(part, [...path, Array.isArray(value) ? Number(name) : name]);
  }
  const another = (value: Json): Json => {
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    if (typeof value !== 'string') return 'x';
    const middle = Math.floor(value.length / 2);
    return `${value.slice(0, middle)}${value[middle] === 'a' ? 'b' : 'a'}${value.slice(middle + 1)}`;
  };
  function changedAt(lines: readonly Line[], path: readonly (string | number)[]): Line[] {
    const copy = structuredClone(lines) as Line[];
    let parent: Json = copy;
    for (const part of path.slice(0, -1)) parent = (parent as Record<string | number, Json>)[part] ?? null;
    const last = path.at(-1) ?? '';
    const of = parent as Record<string | number, Json>;
    of[last] = another(of[last] ?? null);
    return copy;
  }

  it.each(['directed', 'broadcast'])(
    'finds each changed value, even when who wrote the file lies (%s)',
    async (which) => {
      const lines = linesOf((which === 'directed' ? directed : broadcast).bytes).filter(({ kind }) => kind !== 'seal');
      expect((await verify(await sealedAnew(lines))).verdict).toBe('proven');
      let tried = 0;
      for (const path of leaves(lines)) {
        const name = path.join('.');
        // A row without an answer is the console's own word as a whole.
        const [at = 0] = path;
        const isSilent =
          lines[Number(at)]?.['reply'] === null && !/\.(identity|kind|reply|statusCode|outcome|signedBy)$/.test(name);
        if (isSilent || ownWords.some((own) => own.test(name))) continue;
        const report = await verify(await sealedAnew(changedAt(lines, path)));
        expect(report.verdict, name).not.toBe('proven');
        tried += 1;
      }
      expect(tried).toBeGreaterThan(40);
    },
  );

  it('finds what who wrote the file left out, as far as it can be told', async () => {
    const lines = linesOf(directed.bytes);
    const without = async (leftOut: (line: Line) => boolean) =>
      verify(await sealedAnew(lines.filter((line) => !leftOut(line))));
    const identityOf = ({ identity, row }: Line) => identity ?? (row as Line | undefined)?.['identity'];
    expect(await without((line) => line['kind'] === 'node' && identityOf(line) === 'web3')).toMatchObject({
      verdict: 'damaged',
      damage: [{ kind: 'removed', identity: 'web3' }],
    });
    expect(await without((line) => line['kind'] === 'request' && identityOf(line) === 'web1')).toMatchObject({
      verdict: 'incomplete',
      gaps: [{ kind: 'request_missing', identity: 'web1' }],
    });
    const unsigned = lines.map((line) => (line['kind'] === 'node' ? { ...line, reply: null } : line));
    expect((await verify(await sealedAnew(unsigned))).gaps.map(({ kind }) => kind)).toEqual([
      'reply_missing',
      'reply_missing',
    ]);
  });

  it('refuses answers of another run, of another node, and twice', async () => {
    const other = linesOf((await exportedRun({ target: { kind: 'nodes', identities: ['web1'] } })).bytes);
    const foreign = other.find(({ kind }) => kind === 'node') ?? {};
    const lines = linesOf(directed.bytes);
    const at = lines.findIndex(({ kind }) => kind === 'node');
    expect(kindsOf(await verify(await sealedAnew(lines.toSpliced(at, 1, foreign))))).toEqual(['request']);
    const [web1 = {}, web2 = {}] = lines.slice(at);
    const swapped = lines.toSpliced(at, 1, { ...web1, reply: web2['reply'] ?? null });
    expect(kindsOf(await verify(await sealedAnew(swapped)))).toEqual(['sender', 'row']);
    expect(kindsOf(await verify(await sealedAnew(lines.toSpliced(at, 0, web1))))).toEqual(['inserted']);
  });

  /** Takes the body of the answer of web1, and signs it anew. */
  async function answeredBy(signer: Signer, change: (body: Line) => Line = (body) => body): Promise<Buffer> {
    const lines = linesOf(directed.bytes);
    const at = lines.findIndex((line) => line['kind'] === 'node' && line['reply'] !== null);
    const node = lines[at] ?? {};
    const row = node['row'] as Line;
    const reply = {
      protocol: 'muster.reply.v1',
      sender: 'web1',
      collective: 'muster',
      issuedAtMs: row['arrivedAtMs'] ?? 0,
      ttlMs: 60_000,
      nonce: randomId(randomBytes),
      requestId: directed.runId,
      agent: 'rpcutil',
      action: 'get_fact',
      outcome: 'ok',
      statusCode: 0,
      statusMessage: 'OK',
      data: row['data'] ?? {},
      timings: row['timings'] ?? {},
    };
    const { certificate, rest } = detachCertificate(unwrap(await seal(change(reply), { signer, compressor })));
    const fingerprint = fingerprintOfDer(certificate);
    const line = { kind: 'certificate', fingerprint, der: Buffer.from(certificate).toString('base64') };
    const forged = {
      kind: 'node',
      row: { ...row, signedBy: fingerprint },
      reply: { signedBy: fingerprint, rest: Buffer.from(rest).toString('base64') },
    };
    return sealedAnew([...lines.slice(0, at), line, forged, ...lines.slice(at + 1)]);
  }

  it('looks at who signed: authority, role, name', async () => {
    expect((await verify(await answeredBy(await signerOf('web1', 'node')))).verdict).toBe('proven');
    const elsewhere = await createAuthority({ name: 'Test authority', clock: Date.now });
    expect(kindsOf(await verify(await answeredBy(await signerOf('web1', 'node', elsewhere))))).toEqual(['certificate']);
    expect(kindsOf(await verify(await answeredBy(await signerOf('web9', 'node'))))).toEqual(['sender']);
    expect(kindsOf(await verify(await answeredBy(await signerOf('web1'))))).toEqual(['sender']);
  });

  it('looks at when it was signed', async () => {
    const web1 = await signerOf('web1', 'node');
    const early = (body: Line): Line => ({ ...body, issuedAtMs: Date.now() - 86_400_000 });
    expect(kindsOf(await verify(await answeredBy(web1, early)))).toEqual(['certificate']);
  });

  it.each<[RevocationReason, number, string[]]>([
    ['superseded', 3_600_000, []],
    ['superseded', -3_600_000, ['certificate']],
    ['key-compromise', 3_600_000, ['certificate']],
    ['unspecified', 3_600_000, ['certificate']],
  ])('heeds what was taken back: %s, %i ms from now', async (reason, laterMs, kinds) => {
    const web1 = await signerOf('web1', 'node');
    const bytes = await answeredBy(web1);
    const serial = serialText(new X509Certificate(web1.certificate).serialNumber);
    const pem = await createRevocationList(bench.authority, {
      revoked: [{ serial, atMs: Date.now() + laterMs, reason }],
      number: 1,
      validDays: 1,
    });
    const revocations = unwrap(await readRevocationLists(pem, trust.authorities));
    expect(kindsOf(await verify(bytes, { ...trust, revocations }))).toEqual(kinds);
    const stale = { ...revocations, nextUpdateMs: 1000 };
    expect((await verify(bytes, { ...trust, revocations: stale })).gaps).toMatchObject([{ kind: 'revocations' }]);
  });

  it('refuses a seal that a node set, or whose certificate is missing', async () => {
    const lines = linesOf(directed.bytes);
    expect(kindsOf(await verify(await sealedAnew(lines, await signerOf('web1', 'node'))))).toEqual(['sender']);
    const sealing = lines.at(-1) ?? {};
    const stranger = [...lines.slice(0, -1), { ...sealing, signedBy: 'f'.repeat(64) }];
    expect(kindsOf(await verify(put(stranger)))).toEqual(['certificate']);
  });

  it('bounds what it tells of hostile files', async () => {
    const report = await verify(Buffer.from(`${'{"kind":"evidence"}\n'.repeat(3000)}${'['.repeat(100_000)}`));
    expect(report).toMatchObject({ verdict: 'damaged', runId: null, damageCount: 3004 });
    expect(report.damage).toHaveLength(1000);
    const long = linesOf(directed.bytes).map((line) =>
      line['kind'] === 'request' ? { ...line, ['y'.repeat(9000)]: 1 } : line,
    );
    for (const { message } of (await verify(put(long))).damage) expect(message.length).toBeLessThan(400);
  });
});

describe('what is kept', () => {
  it('goes to the archive with its run, comes back from there, and leaves no certificate behind', async () => {
    const own = await createEngineBench();
    try {
      const theirs = await own.open();
      await own.fleet.add('web1');
      const order = {
        agent: 'rpcutil',
        action: 'ping',
        inputs: {},
        target: { kind: 'nodes' as const, identities: ['web1'] },
        timeoutMs: 5000,
      };
      const started = unwrap(await theirs.runs.start(order));
      await started.finished;
      const before = await exported(started.runId, theirs);
      const storage = await own.openStorage();
      const archive = join(folder, 'archive');
      const laterMs = Date.now() + 86_400_000;
      expect(unwrap(await storage.archiveOldestRun(archive, laterMs, laterMs))).toBe(true);
      const signers = linesOf(before).flatMap(({ fingerprint }) =>
        typeof fingerprint === 'string' ? fingerprint : [],
      );
      expect(unwrap(await storage.evidenceCertificates(signers))).toEqual([]);
      const [month = ''] = await readdir(archive);
      const files = (await readdir(join(archive, month))).map((name) => join(archive, month, name));
      const signal = new AbortController().signal;
      const imported = unwrap(await importRuns(own.file, files, { nowMs: laterMs, skipDamaged: false, signal }));
      expect(imported).toMatchObject({ imported: [started.runId], damage: [] });
      const after = await exported(started.runId, theirs);
      const messages = (bytes: Buffer) => linesOf(bytes).filter(({ kind }) => kind === 'request' || kind === 'node');
      expect(messages(after)).toEqual(messages(before));
      const by = { ...trust, authorities: [new X509Certificate(own.authority.certificatePem)] };
      expect((await verify(after, by)).verdict).toBe('proven');
    } finally {
      await own.close();
    }
  });
});
