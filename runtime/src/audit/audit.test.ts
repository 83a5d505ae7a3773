import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Signer } from '@muster/protocol/envelope';
import { unwrap, type Fault } from '@muster/protocol/errors';
import { createSigner } from '../crypto/index.ts';
import { createAuthority, issueCertificate, type Authority } from '../pki/index.ts';
import { ChainCheck } from './chain-check.ts';
import { splitLines } from '../files/index.ts';
import { beforeFirst, chain, hashOf, maxLineBytes, type ChainPlace } from './record.ts';
import { signLine } from './signature.ts';
import type { AuditTrust } from './signer-book.ts';
import { openAuditTrail, type AuditBounds, type AuditTrail } from './trail.ts';
import { verifyAudit, type AuditReport } from './verify.ts';

const run = promisify(execFile);
let folder: string;
let file: string;
let authority: Authority;
let signer: Signer;
let trust: AuditTrust;
let faults: Fault[];
let open: AuditTrail[];

const signerOf = async (of: Authority, name: string): Promise<Signer> =>
  unwrap(await createSigner(await issueCertificate(of, { role: 'node', name, validDays: 1 })));

beforeAll(async () => {
  authority = await createAuthority({ name: 'Test', clock: () => 1_000_000 });
  signer = await signerOf(authority, 'web1');
  trust = { kind: 'authorities', certificates: [new X509Certificate(authority.certificatePem)] };
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-audit-'));
  file = join(folder, 'audit.log');
  faults = [];
  open = [];
});
afterEach(async () => {
  for (const trail of open) await trail.close();
  await rm(folder, { recursive: true, force: true });
});

async function openTrail(bounds: Partial<AuditBounds> = {}, by: Signer = signer): Promise<AuditTrail> {
  const onFault = (fault: Fault) => faults.push(fault);
  const trail = unwrap(await openAuditTrail({ file, signer: by, clock: () => 1_000_000, bounds, onFault }));
  open.push(trail);
  return trail;
}

/** A closed chain: its opening, records with a checkpoint behind every fourth, and its close. */
async function writeChain(records: number, bounds: Partial<AuditBounds> = { checkpointRecords: 4 }): Promise<void> {
  const trail = await openTrail(bounds);
  for (let number = 1; number <= records; number++) unwrap(await trail.append('request', { number }));
  await trail.close();
}

const linesOf = async (path = file): Promise<string[]> => (await readFile(path, 'utf8')).trimEnd().split('\n');
const put = (lines: readonly string[]): Promise<void> => writeFile(file, `${lines.join('\n')}\n`);
const kindsOf = async (): Promise<unknown[]> =>
  (await linesOf()).map((line) => (JSON.parse(line) as { kind: unknown }).kind);
const files = async (): Promise<string[]> => (await readdir(folder)).toSorted().map((name) => join(folder, name));
const verify = async (by: AuditTrust = trust): Promise<AuditReport> => unwrap(await verifyAudit(await files(), by));
const placesOf = ({ damage }: AuditReport): readonly string[] => damage.map(({ kind, line }) => `${kind} ${line}`);

describe('an audit', () => {
  it('is a chain of records that is signed at its beginning, at checkpoints and at its end', async () => {
    await writeChain(6);
    const [first = '', second = ''] = await linesOf();
    expect(JSON.parse(first)).toMatchObject({ seq: 1, previous: beforeFirst.hash, kind: 'opened' });
    expect(JSON.parse(second)).toEqual({
      seq: 2,
      time: '1970-01-01T00:16:40.000Z',
      previous: hashOf(first),
      kind: 'request',
      number: 1,
    });
    expect(await kindsOf()).toEqual([
      'opened',
      ...Array<string>(4).fill('request'),
      'checkpoint',
      'request',
      'request',
      'checkpoint',
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await verify()).toMatchObject({
      isIntact: true,
      records: 9,
      signed: 3,
      writer: { role: 'node', name: 'web1' },
      isWriterChecked: true,
      first: { seq: 1 },
      last: { seq: 9 },
      notes: [],
    });
  });

  it('is verified by the authority, by its certificate alone, or unchecked', async () => {
    await writeChain(1);
    const own = new X509Certificate(signer.certificate);
    const other = new X509Certificate((await signerOf(authority, 'web1')).certificate);
    expect(await verify({ kind: 'certificates', certificates: [other, own] })).toMatchObject({ isIntact: true });
    expect(await verify({ kind: 'unchecked' })).toMatchObject({ isIntact: true, isWriterChecked: false });
    expect(placesOf(await verify({ kind: 'certificates', certificates: [other] }))).toEqual([
      'signer 1',
      'signer 1',
      'signer 3',
    ]);
    const foreign = await createAuthority({ name: 'Test', clock: Date.now });
    const certificates = [new X509Certificate(foreign.certificatePem)];
    expect((await verify({ kind: 'authorities', certificates })).isIntact).toBe(false);
  });

  it('writes what is added at the same time at once, and in order', async () => {
    const trail = await openTrail();
    const written = await Promise.all(Array.from({ length: 1000 }, (_, number) => trail.append('request', { number })));
    expect(written.every(({ ok }) => ok)).toBe(true);
    await trail.close();
    const numbers = (await linesOf()).flatMap((line) => (JSON.parse(line) as { number?: number }).number ?? []);
    expect(numbers).toEqual(Array.from({ length: 1000 }, (_, number) => number));
    expect((await verify()).isIntact).toBe(true);
  });

  it('goes on with the chain of earlier processes, also with a renewed certificate', async () => {
    await writeChain(2);
    const renewed = await signerOf(authority, 'web1');
    const trail = await openTrail({}, renewed);
    await trail.append('request', {});
    await trail.close();
    expect(await verify()).toMatchObject({ isIntact: true, records: 7, notes: [] });
    expect(placesOf(await verify({ kind: 'unchecked' }))).toEqual(['signer 5', 'signer 5', 'signer 7']);
  });

  it('refuses records once it is closed, and those that are too long', async () => {
    const trail = await openTrail();
    expect(await trail.append('request', { text: 'x'.repeat(1024 * 1024) })).toMatchObject({ ok: false });
    unwrap(await trail.append('request', {}));
    await trail.close();
    expect(await trail.append('request', {})).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
    expect(await kindsOf()).toEqual(['opened', 'lost', 'request', 'checkpoint']);
    expect((await verify()).notes).toMatchObject([{ kind: 'lost', line: 2 }]);
  });
});

describe('verification', () => {
  beforeEach(() => writeChain(8));

  it('finds each single line that was removed, twice there, or exchanged with the next', async () => {
    const lines = await linesOf();
    expect(lines).toHaveLength(12);
    for (const [at, line] of lines.entries()) {
      if (at < lines.length - 1) {
        await put(lines.toSpliced(at, 1));
        expect(placesOf(await verify()), `without line ${at + 1}`).toContain(`removed ${at + 1}`);
        await put(lines.toSpliced(at, 2, lines[at + 1] ?? '', line));
        expect((await verify()).isIntact, `lines ${at + 1} and ${at + 2} exchanged`).toBe(false);
      }
      await put(lines.toSpliced(at, 0, line));
      expect(placesOf(await verify())[0], `line ${at + 1} twice`).toBe(`inserted ${at + 2}`);
    }
  });

  it('finds a line that was put in at any place, with numbers and hash of its place, too', async () => {
    const lines = await linesOf();
    for (let at = 1; at <= lines.length; at++) {
      const after: ChainPlace = { seq: at, hash: hashOf(lines[at - 1] ?? '') };
      const forged = chain(after, { kind: 'request', timeMs: 1_000_000, details: { number: 99 } });
      await put(lines.toSpliced(at, 0, forged));
      const { isIntact, notes } = await verify();
      // Behind the last line it stands for a record that nobody has signed yet.
      if (at < lines.length) expect(isIntact, `behind line ${at}`).toBe(false);
      else expect(notes).toMatchObject([{ kind: 'unsigned_end' }, { kind: 'open_end' }]);
    }
  });

  it.each([0x01, 0x20, 0x80])('finds a change of any byte (%i)', async (bits) => {
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ bits;
      const check = new ChainCheck(trust);
      for await (const line of splitLines([changed], maxLineBytes)) check.take(line);
      expect(check.damage.count, `byte ${at}`).toBeGreaterThan(0);
    }
  });

  it('tells of any end that was cut off, as damage or by what is missing', async () => {
    const whole = await readFile(file);
    for (let size = 0; size < whole.length; size += 7) {
      await writeFile(file, whole.subarray(0, size));
      const { isIntact, notes } = await verify();
      if (whole[size - 1] !== 0x0a) expect(isIntact, `${size} bytes`).toBe(false);
      else expect(notes.map(({ kind }) => kind)).toContain('open_end');
    }
  });

  it('finds a rewritten chain by its checkpoints, and that they are missing when they are taken out', async () => {
    const lines = await linesOf();
    const rewrite = (from: number, leaveOut: (line: string) => boolean): string[] => {
      const kept = lines.slice(0, from);
      let place: ChainPlace = { seq: from, hash: hashOf(kept[from - 1] ?? '') };
      for (const line of lines.slice(from).filter((text) => !leaveOut(text))) {
        const record = JSON.parse(line) as Record<string, unknown>;
        const places = ['seq', 'time', 'previous', 'kind'];
        const details = Object.fromEntries(Object.entries(record).filter(([name]) => !places.includes(name)));
        const text = chain(place, {
          kind: String(record['kind']),
          timeMs: 1_000_000,
          details: { ...details, number: 99 },
        });
        place = { seq: place.seq + 1, hash: hashOf(text) };
        kept.push(text);
      }
      return kept;
    };
    await put(rewrite(2, () => false));
    expect(placesOf(await verify())).toEqual(['signature 6', 'unsigned 7', 'signature 11', 'signature 12']);
    await put(rewrite(2, (line) => line.includes('"checkpoint"')));
    expect(placesOf(await verify())).toEqual(['unsigned 6']);
  });

  it('finds a checkpoint by another key of the same authority', async () => {
    const lines = await linesOf();
    const last = lines.at(-2) ?? '';
    const other = await signerOf(authority, 'web2');
    const fingerprint = new X509Certificate(other.certificate).fingerprint256.replaceAll(':', '').toLowerCase();
    const certificate = Buffer.from(other.certificate).toString('base64');
    const after = { seq: lines.length - 1, hash: hashOf(last) };
    const forge = async (kind: string, details: object): Promise<string> =>
      signLine(chain(after, { kind, timeMs: 1, details: { ...details, fingerprint } }), other);
    await put([...lines.slice(0, -1), await forge('checkpoint', { reason: 'closed' })]);
    expect(placesOf(await verify())).toEqual(['signer 12']);
    const opening = { format: 'muster-audit-1', reason: 'start', fileBegins: 1, checkpointRecords: 100, certificate };
    await put([...lines.slice(0, -1), await forge('opened', opening)]);
    expect(placesOf(await verify())).toEqual(['signer 12', 'signer 12']);
  });

  it('finds that nothing is left', async () => {
    await writeFile(file, '');
    expect(placesOf(await verify())).toEqual(['removed 0']);
  });
});

describe('files that are full', () => {
  const bounds = { fileBytes: 2500, checkpointRecords: 4 };

  it('go on in the next one, and are verified in any order', async () => {
    await writeChain(40, { ...bounds, files: 100 });
    const all = await files();
    expect(all.length).toBeGreaterThan(3);
    expect(basename(all[0] ?? '')).toBe('audit-000000000001.log');
    const report = unwrap(await verifyAudit(all.toReversed(), trust));
    expect(report).toMatchObject({ isIntact: true, notes: [] });
    expect(report.files.at(-1)).toBe(file);
    const each = await Promise.all(all.map((one) => verifyAudit([one], trust)));
    expect(each.map((one) => unwrap(one).isIntact)).not.toContain(false);
  });

  it('are missed by the files around them', async () => {
    await writeChain(40, { ...bounds, files: 100 });
    const all = await files();
    for (const missing of all.slice(1, -1)) {
      const { damage } = unwrap(
        await verifyAudit(
          all.filter((one) => one !== missing),
          trust,
        ),
      );
      expect(damage).toMatchObject([{ kind: 'removed', line: 1 }]);
    }
  });

  it('are missed at their beginnings', async () => {
    await writeChain(40, { ...bounds, files: 100 });
    const [, second = ''] = await files();
    const lines = await linesOf(second);
    await writeFile(second, `${lines.slice(1).join('\n')}\n`);
    const { damage } = unwrap(await verifyAudit([second], trust));
    expect(damage[0]).toMatchObject({ kind: 'removed', line: 1 });
  });

  it('are no more than the bounds allow, which is told', async () => {
    await writeChain(60, { ...bounds, files: 3 });
    expect(await files()).toHaveLength(3);
    const { isIntact, notes } = await verify();
    expect(isIntact).toBe(true);
    expect(notes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['begins_late', 'dropped']));
  });
});

describe('a crash', () => {
  it('at any byte of what is written is mended, and told of', async () => {
    await writeChain(3);
    const whole = await readFile(file);
    const firstLine = whole.indexOf(0x0a) + 1;
    for (let size = 0; size <= whole.length; size += size < firstLine ? 31 : 5) {
      await writeFile(file, whole.subarray(0, size));
      await writeChain(1);
      const { damage, notes } = await verify();
      expect(damage, `${size} bytes`).toEqual([]);
      const kinds = notes.map(({ kind }) => kind);
      const isWhole = size === 0 || whole[size - 1] === 0x0a;
      expect(kinds.includes('mended'), `${size} bytes`).toBe(!isWhole);
    }
  });

  it('between two files loses nothing', async () => {
    await writeChain(10, { fileBytes: 2500, checkpointRecords: 4, files: 100 });
    await rm(file);
    await writeChain(1);
    const { damage } = await verify();
    expect(damage).toEqual([]);
  });
});

describe('what cannot be written', () => {
  it('leaves no half lines on a full disk, and is told of when there is room', async ({ skip }) => {
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'muster-test', folder]);
    } catch {
      skip('mounting is not allowed here');
    }
    try {
      const trail = await openTrail({ fileBytes: 64 * 1024 });
      unwrap(await trail.append('request', { number: 0 }));
      const filler = join(folder, 'filler');
      await writeFile(filler, Buffer.alloc(512 * 1024)).catch(() => undefined);
      const results: boolean[] = [];
      for (let number = 1; number <= 20; number++) {
        results.push((await trail.append('request', { number, text: 'x'.repeat(1000) })).ok);
      }
      expect(results.at(-1)).toBe(false);
      expect(faults.map(({ code }) => code)).toContain('storage.full');
      await rm(filler);
      unwrap(await trail.append('request', { number: 21 }));
      await trail.close();
      const { damage, notes } = await verify();
      expect(damage).toEqual([]);
      const lost = results.filter((isWritten) => !isWritten).length;
      expect(notes).toMatchObject([{ kind: 'lost', message: `${lost} records could not be written` }]);
    } finally {
      for (const trail of open) await trail.close();
      await run('umount', [folder]);
    }
  });

  it('is refused in a folder that cannot be made', async () => {
    await writeFile(join(folder, 'taken'), '');
    const opened = await openAuditTrail({
      file: join(folder, 'taken', 'audit.log'),
      signer,
      clock: Date.now,
      onFault: (fault) => faults.push(fault),
    });
    expect(opened).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
  });
});
