import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap, type Fault } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import { answerTo, askedBy, numbered } from '../../../../test/support/agent/journal-requests.ts';
import { MemoryFiles } from '../../../../test/support/agent/memory-files.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { keyOf, openJournal, type Journal, type JournalOptions } from './journal.ts';
import { blockBytes, endOfRecords } from './record.ts';

const run = promisify(execFile);
const path = '/state/requests.journal';
let nowMs: number;
let faults: Fault[];
let open: Journal[];

beforeEach(() => {
  nowMs = 1_000_000;
  faults = [];
  open = [];
});
afterEach(async () => {
  for (const journal of open) await journal.close();
});

async function journalOn(files: MemoryFiles, more: Partial<JournalOptions> = {}): Promise<Journal> {
  const onFault = (fault: Fault) => faults.push(fault);
  const options = { file: path, clock: () => nowMs, onFault, files, ballastBytes: 2000, fullPauseMs: 1, ...more };
  const journal = unwrap(await openJournal(options));
  open.push(journal);
  return journal;
}

const begin = (journal: Journal, request: Request) => {
  journal.meet(request);
  return journal.begin(request, askedBy(request), request.issuedAtMs);
};

/** Writes records until the next one needs another block of the file. */
async function fillBlock(journal: Journal, disk: MemoryFiles): Promise<void> {
  const freeBytes = () => -endOfRecords(disk.content(path) ?? Buffer.alloc(0)) & (blockBytes - 1);
  for (let number = 1000; ; number++) {
    const before = freeBytes();
    unwrap(await begin(journal, numbered(number)));
    const recordBytes = before - freeBytes();
    if (freeBytes() < recordBytes) return;
  }
}

const used = (files: MemoryFiles): number =>
  [...files.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);

const outcome = (journal: Journal, request: Request): string => {
  const standing = journal.meet(request);
  return standing.kind === 'answered' ? standing.answered.ending.outcome : standing.kind;
};

describe('a full disk', () => {
  it('costs the ballast first, which is taken again when there is room', async () => {
    const disk = new MemoryFiles();
    const journal = await journalOn(disk, { ballastBytes: blockBytes });
    expect(disk.content(`${path}.ballast`)).toHaveLength(blockBytes);
    await fillBlock(journal, disk);
    disk.capacityBytes = used(disk);
    expect(await begin(journal, numbered(1))).toMatchObject({ ok: true });
    expect(disk.content(`${path}.ballast`)).toBeUndefined();
    expect(await journal.conclude(numbered(1), answerTo(numbered(1)), 'durably')).toBe(true);
    disk.capacityBytes = Infinity;
    nowMs += 60_000;
    journal.sent(keyOf(numbered(1)));
    await eventually(() => expect(disk.content(`${path}.ballast`)).toHaveLength(blockBytes));
    expect(faults).toEqual([]);
  });

  it('keeps what is to begin waiting until there is room', async () => {
    const disk = new MemoryFiles();
    const journal = await journalOn(disk, { ballastBytes: 1 });
    await fillBlock(journal, disk);
    disk.capacityBytes = used(disk);
    let isBegun = false;
    const begun = begin(journal, numbered(1)).then((result) => {
      isBegun = true;
      return result;
    });
    await eventually(() => expect(faults.map(({ code }) => code)).toContain('storage.full'));
    const room = journal.room(numbered(2));
    expect(isBegun).toBe(false);
    disk.capacityBytes += blockBytes;
    expect(await begun).toMatchObject({ ok: true });
    await room;
    await journal.close();
    expect(outcome(await journalOn(disk), numbered(1))).toBe('interrupted');
  });

  it('keeps it waiting until the request is over, and no longer', async () => {
    const disk = new MemoryFiles();
    const journal = await journalOn(disk, { ballastBytes: 1 });
    await fillBlock(journal, disk);
    disk.capacityBytes = used(disk);
    const begun = begin(journal, numbered(1));
    await eventually(() => expect(faults).not.toEqual([]));
    const room = journal.room(numbered(2));
    nowMs += 60_000;
    expect(await begun).toMatchObject({ ok: false, error: { code: 'storage.full' } });
    await room;
    disk.capacityBytes = Infinity;
    await journal.close();
    expect(outcome(await journalOn(disk), numbered(1))).toBe('new');
  });

  it('keeps a verdict waiting for as long as it takes, but not smaller records behind it', async () => {
    const disk = new MemoryFiles();
    const journal = await journalOn(disk, { ballastBytes: 1 });
    unwrap(await begin(journal, numbered(1)));
    disk.capacityBytes = used(disk);
    const concluded = journal.conclude(numbered(1), answerTo(numbered(1), 'x'.repeat(blockBytes)), 'durably');
    expect(await begin(journal, numbered(2))).toMatchObject({ ok: true });
    nowMs += 3_000_000;
    disk.capacityBytes = Infinity;
    expect(await concluded).toBe(true);
  });

  it('does not keep an agent from starting with what it knows', async () => {
    const disk = new MemoryFiles();
    const first = await journalOn(disk);
    unwrap(await begin(first, numbered(1)));
    await first.close();
    const records = disk.content(path) ?? Buffer.alloc(0);
    disk.put(path, Buffer.concat([records.subarray(0, endOfRecords(records)), Buffer.from('\n12345678 {"cut')]));
    disk.files.delete(`${path}.ballast`);
    disk.capacityBytes = used(disk);
    const second = await journalOn(disk);
    expect(outcome(second, numbered(1))).toBe('interrupted');
    disk.capacityBytes += blockBytes;
    unwrap(await begin(second, numbered(2)));
    await second.close();
    disk.capacityBytes = Infinity;
    expect(outcome(await journalOn(disk), numbered(2)), 'a damaged end harms nothing behind it').toBe('interrupted');
  });

  it('that is real holds what is begun, and lets it go when something is removed', async ({ skip }) => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-full-'));
    try {
      try {
        await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'muster-test', folder]);
      } catch {
        skip('mounting is not allowed here');
      }
      const file = join(folder, 'requests.journal');
      const options = { file, clock: Date.now, ballastBytes: 16_384, fullPauseMs: 5 };
      const journal = unwrap(await openJournal({ ...options, onFault: (fault) => faults.push(fault) }));
      open.push(journal);
      const filler = join(folder, 'filler');
      await writeFile(filler, Buffer.alloc(2 * 1024 * 1024)).catch(() => undefined);
      const requests = Array.from({ length: 400 }, (_, number) => numbered(number, { issuedAtMs: Date.now() }));
      let begun = 0;
      const all = requests.map(async (request) => {
        unwrap(await begin(journal, request));
        begun++;
        return journal.conclude(request, answerTo(request), 'durably');
      });
      await eventually(() => expect(faults.map(({ code }) => code)).toContain('storage.full'));
      expect(begun).toBeLessThan(400);
      await truncate(filler, 0);
      expect(await Promise.all(all)).not.toContain(false);
      await journal.close();
      expect((await stat(file)).size).toBeGreaterThan(400 * 500);
      const next = unwrap(await openJournal({ ...options, onFault: () => undefined }));
      open.push(next);
      expect(requests.map((request) => outcome(next, request))).toEqual(Array<string>(400).fill('ok'));
    } finally {
      for (const journal of open) await journal.close();
      await run('umount', [folder]).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a broken disk', () => {
  it('has what is to begin refused, and verdicts kept in memory', async () => {
    const disk = new MemoryFiles();
    const journal = await journalOn(disk);
    disk.failures.set('write', 'EIO');
    expect(await begin(journal, numbered(1))).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
    expect(await journal.conclude(numbered(1), answerTo(numbered(1)), 'durably')).toBe(false);
    expect(outcome(journal, numbered(1))).toBe('ok');
  });

  it('whose sync failed is written anew before anything else', async () => {
    const disk = new MemoryFiles();
    const journal = await journalOn(disk);
    unwrap(await begin(journal, numbered(1)));
    disk.failures.set('sync', 'EIO');
    expect(await begin(journal, numbered(2))).toMatchObject({ ok: false });
    disk.failures.delete('sync');
    unwrap(await begin(journal, numbered(3)));
    const next = await journalOn(disk.afterCrash(0));
    expect([1, 3].map((number) => outcome(next, numbered(number)))).toEqual(['interrupted', 'interrupted']);
  });
});

describe('a loss of power at any step', () => {
  it.each([0, 40, 1_000_000])(
    'with %i bytes written that were not synced loses nothing that was promised',
    async (unsynced) => {
      const disk = new MemoryFiles();
      const promised = new Map<number, 'interrupted' | 'ok'>();
      const crashes: { readonly disk: MemoryFiles; readonly promised: ReadonlyMap<number, string> }[] = [];
      disk.onStep = () => crashes.push({ disk: disk.afterCrash(unsynced), promised: new Map(promised) });
      const journal = await journalOn(disk);
      for (let number = 0; number < 12; number++) {
        const request = numbered(number);
        unwrap(await begin(journal, request));
        promised.set(number, 'interrupted');
        // Large, so that the file is written anew on the way.
        await journal.conclude(request, answerTo(request, 'x'.repeat(100_000)), 'durably');
        promised.set(number, 'ok');
        journal.sent(keyOf(request));
      }
      disk.onStep = () => undefined;
      expect(crashes.slice(20).some((crash) => crash.disk.content(`${path}.new`) !== undefined)).toBe(true);
      for (const [index, crash] of crashes.entries()) {
        const next = await journalOn(crash.disk);
        for (const [number, least] of crash.promised) {
          const found = outcome(next, numbered(number));
          const allowed = least === 'ok' ? ['ok'] : ['interrupted', 'ok'];
          expect(allowed, `crash ${index}, request ${number}: ${found}`).toContain(found);
        }
        await next.close();
      }
    },
  );
});
