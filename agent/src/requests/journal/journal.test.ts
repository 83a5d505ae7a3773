import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap, type Fault } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import { answerTo, askedBy, numbered } from '../../../../test/support/agent/journal-requests.ts';
import { MemoryFiles } from '../../../../test/support/agent/memory-files.ts';
import { keyOf, openJournal, type Journal, type JournalOptions } from './journal.ts';
import { endOfRecords } from './record.ts';

let folder: string;
let file: string;
let nowMs: number;
let faults: Fault[];
let journals: Journal[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-journal-'));
  file = join(folder, 'requests.journal');
  nowMs = 1_000_000;
  faults = [];
  journals = [];
});
afterEach(async () => {
  for (const journal of journals) await journal.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(options: Partial<JournalOptions> = {}): Promise<Journal> {
  const onFault = (fault: Fault) => faults.push(fault);
  const journal = unwrap(await openJournal({ file, clock: () => nowMs, onFault, ballastBytes: 1000, ...options }));
  journals.push(journal);
  return journal;
}

async function begin(journal: Journal, request: Request): Promise<void> {
  expect(journal.meet(request)).toEqual({ kind: 'new' });
  unwrap(await journal.begin(request, askedBy(request), request.issuedAtMs + 1));
}

async function answer(journal: Journal, request: Request, text?: string): Promise<void> {
  await begin(journal, request);
  await journal.conclude(request, answerTo(request, text), 'durably');
}

const outcome = (journal: Journal, number: number): string => {
  const standing = journal.meet(numbered(number));
  return standing.kind === 'answered' ? standing.answered.ending.outcome : standing.kind;
};

describe('the journal', () => {
  it('knows a request from when it came, and gives the answer that it got', async () => {
    const journal = await open();
    await begin(journal, numbered(1));
    expect(outcome(journal, 1)).toBe('running');
    await journal.conclude(numbered(1), answerTo(numbered(1)), 'durably');
    expect(journal.meet(numbered(1))).toMatchObject({
      kind: 'answered',
      answered: { ending: answerTo(numbered(1)).ending },
    });
    expect(journal.meet(numbered(1, { sender: 'bob' }))).toEqual({ kind: 'new' });
  });

  it('tells the next process what was answered, what was interrupted, and what has not arrived', async () => {
    const first = await open();
    for (const number of [1, 2]) await answer(first, numbered(number));
    first.sent(keyOf(numbered(1)));
    await begin(first, numbered(3));
    await begin(first, numbered(4, { replyTo: null }));
    expect(first.meet(numbered(5))).toEqual({ kind: 'new' });
    await first.close();
    const second = await open();
    expect([1, 2, 3, 4, 5].map((number) => outcome(second, number))).toEqual([
      'ok',
      'ok',
      'interrupted',
      'interrupted',
      'new',
    ]);
    expect(second.unsent().map(({ key }) => key)).toEqual([2, 3].map((number) => keyOf(numbered(number))));
    expect(second.unsent()[1]?.ending).toMatchObject({
      outcome: 'interrupted',
      startedAtMs: 1_000_001,
      finishedAtMs: null,
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(faults).toEqual([]);
  });

  it('keeps in memory alone what only reads, but what was begun also when its answer need not be kept', async () => {
    const first = await open();
    first.meet(numbered(1));
    await first.conclude(numbered(1), answerTo(numbered(1)), 'in memory');
    await begin(first, numbered(2));
    await first.conclude(numbered(2), answerTo(numbered(2)), 'in memory');
    expect([1, 2].map((number) => outcome(first, number))).toEqual(['ok', 'ok']);
    await first.close();
    const second = await open();
    expect([1, 2].map((number) => outcome(second, number))).toEqual(['new', 'ok']);
  });

  it('forgets one that was not meant', async () => {
    const journal = await open();
    journal.meet(numbered(1));
    journal.forget(numbered(1));
    expect(outcome(journal, 1)).toBe('new');
  });

  it('remembers what was cancelled before it came, in later processes too', async () => {
    const first = await open();
    expect(await first.cancelAhead(keyOf(numbered(1)), 'cert=alice')).toBe(true);
    expect(first.look(keyOf(numbered(1)))).toBe('cancelled');
    await first.close();
    const second = await open();
    expect(second.meet(numbered(1))).toEqual({ kind: 'cancelled', by: 'cert=alice' });
    expect(second.meet(numbered(1))).toEqual({ kind: 'running' });
  });
});

describe('how long the journal remembers', () => {
  it.each([-600_000, 600_000])('is not cut short by a clock that is stepped by %i ms', async (stepMs) => {
    const first = await open();
    await answer(first, numbered(1));
    nowMs += stepMs;
    expect(outcome(first, 1)).toBe('ok');
    await first.close();
    const second = await open();
    nowMs -= 2 * stepMs;
    expect(outcome(second, 1)).toBe('ok');
  });

  it('is until an hour after the request could come again', async () => {
    const journal = await open();
    await answer(journal, numbered(1));
    journal.sent(keyOf(numbered(1)));
    nowMs += 60_000 + 10_000 + 3_600_000;
    expect(outcome(journal, 1)).toBe('ok');
    nowMs += 1;
    expect(outcome(journal, 1)).toBe('new');
    await journal.close();
    await open();
    expect(endOfRecords(await readFile(file))).toBe(0);
  });

  it('is longer for an answer that has not arrived, however long nobody was there', async () => {
    const first = await open();
    await answer(first, numbered(1));
    await begin(first, numbered(2));
    await first.close();
    nowMs += 7 * 24 * 3_600_000;
    const second = await open();
    expect(second.unsent()).toHaveLength(2);
    second.sent(keyOf(numbered(1)));
    nowMs += 3_600_001;
    expect(outcome(second, 1)).toBe('new');
  });

  it('counts from the end of an action that took longer than its request was to live', async () => {
    const journal = await open();
    await begin(journal, numbered(1));
    nowMs += 24 * 3_600_000;
    await journal.conclude(numbered(1), answerTo(numbered(1)), 'durably');
    expect(journal.unsent()).toHaveLength(1);
    expect(outcome(journal, 1)).toBe('ok');
  });
});

describe('what the journal keeps', () => {
  const bounds = { entries: 10, durableBytes: 20_000, otherBytes: 10_000 };
  const big = 'x'.repeat(4000);

  it('is bounded in number; what only reads goes first, and then no more is taken', async () => {
    const journal = await open({ bounds });
    for (let number = 0; number < 10; number++) {
      journal.meet(numbered(number));
      if (number < 5) await journal.conclude(numbered(number), answerTo(numbered(number)), 'in memory');
      else await journal.conclude(numbered(number), answerTo(numbered(number)), 'durably');
    }
    expect(outcome(journal, 10)).toBe('new');
    for (const number of [5, 6, 7, 8, 9]) expect(outcome(journal, number)).toBe('ok');
    const taken = Array.from({ length: 10 }, (_, index) => outcome(journal, 20 + index));
    expect(taken.at(-1)).toBe('full');
    nowMs += 24 * 3_600_000;
    expect(outcome(journal, 40), 'what runs stays').toBe('new');
  });

  it('is bounded in size: data of the oldest answers that arrived go, their outcome stays', async () => {
    const journal = await open({ bounds });
    for (let number = 0; number < 8; number++) {
      await answer(journal, numbered(number), big);
      journal.sent(keyOf(numbered(number)));
    }
    const data = [0, 7].map((number) => {
      const standing = journal.meet(numbered(number));
      return standing.kind === 'answered' ? standing.answered.ending : undefined;
    });
    expect(data).toMatchObject([
      { outcome: 'ok', data: {} },
      { outcome: 'ok', data: { text: big } },
    ]);
  });

  it('of answers that have not arrived is never dropped; no more is taken then', async () => {
    const journal = await open({ bounds });
    for (let number = 0; number < 5; number++) await answer(journal, numbered(number), big);
    expect(outcome(journal, 5)).toBe('full');
    expect(journal.unsent().map(({ ending }) => ending.data['text'])).toEqual(Array<string>(5).fill(big));
    for (let number = 0; number < 5; number++) journal.sent(keyOf(numbered(number)));
    expect(outcome(journal, 5), 'what has arrived is made smaller').toBe('new');
  });

  it('in memory alone is bounded in size', async () => {
    const journal = await open({ bounds });
    for (let number = 0; number < 4; number++) {
      journal.meet(numbered(number));
      await journal.conclude(numbered(number), answerTo(numbered(number), big), 'in memory');
    }
    expect(outcome(journal, 0)).toBe('new');
    expect(outcome(journal, 3)).toBe('ok');
  });

  it('of cancelled requests that never came is bounded', async () => {
    const journal = await open();
    await Promise.all(
      Array.from({ length: 10_000 }, (_, number) => journal.cancelAhead(keyOf(numbered(number)), 'cert=alice')),
    );
    expect(await journal.cancelAhead(keyOf(numbered(10_000)), 'cert=alice')).toBe(false);
    nowMs += 31 * 24 * 3_600_000;
    expect(await journal.cancelAhead(keyOf(numbered(10_000)), 'cert=alice')).toBe(true);
  });

  it('is 10,000 requests at once without trouble, and a file that does not grow beyond them', async () => {
    const journal = await open();
    const all = Array.from({ length: 10_000 }, (_, number) => numbered(number));
    await Promise.all(
      all.map(async (request) => {
        await answer(journal, request);
        journal.sent(keyOf(request));
      }),
    );
    await journal.close();
    const { size } = await stat(file);
    expect(size).toBeLessThan(3 * 10_000 * 1000);
    const second = await open();
    expect(second.unsent()).toEqual([]);
    expect(outcome(second, 9_999)).toBe('ok');
    nowMs += 24 * 3_600_000;
    await second.close();
    await open();
    expect(endOfRecords(await readFile(file))).toBe(0);
  });

  it('is written anew when most of it is over', async () => {
    const journal = await open();
    for (let round = 0; round < 40; round++) {
      for (let number = 0; number < 10; number++) {
        const request = numbered(round * 10 + number, { issuedAtMs: nowMs });
        await answer(journal, request, big);
        journal.sent(keyOf(request));
      }
      nowMs += 24 * 3_600_000;
    }
    expect((await stat(file)).size).toBeLessThan(1_200_000);
  });
});

describe('damage to the journal', () => {
  /** A journal whose last record, of the given kind, is about request 2; gives the bytes, and where that record begins and ends. */
  async function written(last: 'begun' | 'verdict' | 'sent'): Promise<{ bytes: Buffer; from: number; to: number }> {
    const journal = await open();
    await answer(journal, numbered(1));
    if (last === 'sent') await answer(journal, numbered(2));
    else if (last === 'verdict') await begin(journal, numbered(2));
    const from = endOfRecords(await readFile(file));
    if (last === 'begun') await begin(journal, numbered(2));
    else if (last === 'verdict') await journal.conclude(numbered(2), answerTo(numbered(2)), 'durably');
    else journal.sent(keyOf(numbered(2)));
    await journal.close();
    const bytes = await readFile(file);
    return { bytes, from, to: endOfRecords(bytes) };
  }

  let kept: MemoryFiles;

  /** What a process finds that starts on such a file. */
  async function found(bytes: Buffer): Promise<{ one: string; two: string; unsure: boolean }> {
    const disk = new MemoryFiles();
    disk.put(file, bytes);
    const journal = await open({ files: disk });
    const unsure = journal.mayHaveBegun(numbered(2));
    const result = { one: outcome(journal, 1), two: outcome(journal, 2), unsure };
    await journal.close();
    kept = disk;
    return result;
  }

  const before = { begun: 'new', verdict: 'interrupted', sent: 'ok' } as const;
  const after = { begun: 'interrupted', verdict: 'ok', sent: 'ok' } as const;

  it.each(['begun', 'verdict', 'sent'] as const)(
    'by cutting the file anywhere in the last record (%s), or all of it off, loses that alone, and is noticed',
    async (last) => {
      const { bytes, from, to } = await written(last);
      expect(await found(bytes)).toEqual({ one: 'ok', two: after[last], unsure: false });
      // The record begins with the end of a line and ends with one: without either it is whole.
      for (let length = from; length <= to; length++) {
        const two = length >= to - 1 ? after[last] : before[last];
        expect({ length, ...(await found(bytes.subarray(0, length))) }).toEqual({
          length,
          one: 'ok',
          two,
          unsure: true,
        });
      }
    },
  );

  it.each(['begun', 'verdict', 'sent'] as const)(
    'by changing any byte of the last record (%s) loses that at most, and is noticed',
    async (last) => {
      const { bytes, from, to } = await written(last);
      for (let index = from; index < to; index++) {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ 0x01;
        const { one, two, unsure } = await found(changed);
        expect({ index, one }).toEqual({ index, one: 'ok' });
        expect([before[last], after[last]]).toContain(two);
        // Then nobody runs it.
        if (two === 'new') expect({ index, unsure }).toEqual({ index, unsure: true });
      }
    },
  );

  it('before intact records keeps those, and the file aside', async () => {
    const { bytes, from } = await written('begun');
    const changed = Buffer.from(bytes);
    changed[from - 20] = 0xff;
    expect(await found(changed)).toEqual({ one: 'interrupted', two: 'interrupted', unsure: true });
    expect(kept.content(`${file}.damaged`)).toEqual(changed);
    expect(faults.map(({ code }) => code)).toEqual(['storage.corrupt']);
    // Later processes remember that something was lost.
    const journal = await open({ files: kept });
    expect(journal.mayHaveBegun(numbered(3))).toBe(true);
    expect(journal.mayHaveBegun(numbered(4, { issuedAtMs: nowMs + 5_001 }))).toBe(false);
  });

  it('of any kind does no more than lose records', async () => {
    await writeFile(file, Buffer.from('no journal at all\n\0\0\0\nbegun 5 alice\n'));
    const journal = await open();
    expect(outcome(journal, 1)).toBe('new');
    await answer(journal, numbered(2));
    await journal.close();
    await appendFile(file, Buffer.alloc(5000));
    expect(outcome(await open(), 2)).toBe('ok');
  });
});

describe('a journal that cannot be', () => {
  it('is told of', async () => {
    await rm(folder, { recursive: true });
    const options = { file, clock: () => nowMs, onFault: () => undefined };
    expect(await openJournal(options)).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
  });
});
