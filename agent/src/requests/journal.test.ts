import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import { openJournal } from './journal.ts';

let folder: string;
let file: string;
let nowMs: number;
const clock = () => nowMs;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-journal-'));
  file = join(folder, 'requests.log');
  nowMs = 1_000_000;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const request = (number: number, overrides: Partial<Request> = {}): Request => ({
  protocol: 'muster.request.v1',
  sender: 'alice',
  caller: 'cert=alice',
  collective: 'muster',
  issuedAtMs: nowMs,
  ttlMs: 60_000,
  nonce: '0'.repeat(32),
  requestId: number.toString(16).padStart(32, '0'),
  agent: 'service',
  action: 'restart',
  inputs: {},
  target: null,
  filter: '',
  replyTo: null,
  ...overrides,
});

const journal = async () => unwrap(await openJournal(file, clock));

describe('the journal', () => {
  it('knows a request from when it was admitted', async () => {
    const first = await journal();
    expect(first.admit(request(1))).toBe('new');
    expect(first.admit(request(1))).toBe('running');
    await first.finish(request(1));
    expect(first.admit(request(1))).toBe('answered');
    expect(first.admit(request(2))).toBe('new');
    expect(first.admit(request(1, { sender: 'bob' }))).toBe('new');
  });

  it('tells the next process what was answered and what was interrupted', async () => {
    const first = await journal();
    for (const number of [1, 2, 3]) first.admit(request(number));
    unwrap(await first.begin(request(1)));
    unwrap(await first.begin(request(2)));
    await first.finish(request(1));
    await appendFile(file, 'begun 99');
    const second = await journal();
    expect(second.admit(request(1))).toBe('answered');
    expect(second.admit(request(2))).toBe('interrupted');
    expect(second.admit(request(3)), 'was never begun').toBe('new');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('forgets what could not be sent again, and not before', async () => {
    const first = await journal();
    const old = request(1);
    first.admit(old);
    unwrap(await first.begin(old));
    await first.finish(old);
    nowMs += 70_000;
    expect(first.admit(old)).toBe('answered');
    nowMs += 1;
    expect(first.admit(old)).toBe('new');
    nowMs += 100_000;
    await journal();
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('keeps its file small', async () => {
    const first = await journal();
    for (let number = 0; number < 3000; number++) {
      const each = request(number, { ttlMs: 1 });
      first.admit(each);
      unwrap(await first.begin(each));
      await first.finish(each);
      nowMs += 1000;
    }
    expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(3200);
  });

  it('takes no more than it can remember, until some are over', async () => {
    const first = await journal();
    for (let number = 0; number < 100_000; number++) first.admit(request(number));
    expect(first.admit(request(100_000))).toBe('full');
    for (let number = 0; number < 10; number++) await first.finish(request(number));
    nowMs += 80_000;
    expect(first.admit(request(100_000))).toBe('new');
  });

  it('says so when it cannot write', async () => {
    const first = await journal();
    first.admit(request(1));
    await rm(folder, { recursive: true });
    expect(await first.begin(request(1))).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
    expect(await openJournal(file, clock)).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
  });
});
