import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@muster/runtime/logging';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLog } from './read-log.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-log-'));
  file = join(folder, 'console.log');
});
afterEach(() => rm(folder, { recursive: true }));

const all = { level: 'trace', search: '', limit: 100 } as const;

async function read(query: Partial<Parameters<typeof readLog>[1]> = {}) {
  const answer = await readLog(file, { ...all, ...query });
  if (!answer.ok) throw new Error(answer.error.message);
  return { ...answer.value, messages: answer.value.lines.map(({ message }) => message) };
}

async function write(lines: (logger: ReturnType<typeof createLogger>) => void): Promise<void> {
  const written: string[] = [];
  lines(createLogger({ name: 'console', level: 'trace', destination: { write: (line) => written.push(line) } }));
  await writeFile(file, written.join(''));
}

it('tells the newest first, by how bad they are and what they say', async () => {
  await write((logger) => {
    logger.info('up');
    logger.warn({ code: 'bus.unreachable', attempt: 3 }, 'The broker does not answer');
    logger.error({ code: 'storage.full' }, 'Cannot write');
  });
  expect((await read()).messages).toEqual(['Cannot write', 'The broker does not answer', 'up']);
  expect((await read({ level: 'warn' })).messages).toHaveLength(2);
  const { lines, messages } = await read({ search: 'UNREACHABLE 3' });
  expect(messages).toEqual(['The broker does not answer']);
  expect(lines[0]).toMatchObject({ level: 'warn', about: { code: 'bus.unreachable', attempt: 3 } });
});

it('never shows a secret that a caller logged by mistake', async () => {
  await write((logger) => logger.warn({ broker: { password: 'hunter2' }, token: 'abc123' }, 'refused'));
  expect(JSON.stringify(await read())).not.toMatch(/hunter2|abc123/);
});

it('shows a line that is not JSON as it stands, and stops at the limit', async () => {
  await write((logger) => logger.warn('before'));
  await appendFile(file, 'Error: out of memory\n');
  expect((await read()).lines[0]).toEqual({ atMs: null, level: 'error', message: 'Error: out of memory', about: {} });
  expect(await read({ limit: 1 })).toMatchObject({ messages: ['Error: out of memory'], isCut: true });
});

it('reads no more than the end of a large file', async () => {
  const line = `${JSON.stringify({ level: 'warn', time: new Date(0).toISOString(), msg: 'x'.repeat(1000) })}\n`;
  await writeFile(file, line.repeat(4000));
  const { lines, isCut } = await read({ limit: 1000, search: 'nothing like this' });
  expect([lines.length, isCut]).toEqual([0, true]);
});

it('has nothing to tell while there is no log, and says why it cannot read one', async () => {
  expect(await read()).toMatchObject({ lines: [], isCut: false });
  expect(await readLog(folder, all)).toMatchObject({ ok: false, error: { code: 'file.unreadable' } });
});
