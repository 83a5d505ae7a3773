import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSyncMark } from '../authority/index.ts';
import { createAdmission } from './admission.ts';

let folder: string;
let register: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-admission-'));
  register = join(folder, 'register.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

/** Whether the waiting was over when another thing was. */
async function isOver(waiting: Promise<void>, when: Promise<unknown>): Promise<boolean> {
  return Promise.race([waiting.then(() => true), when.then(() => false)]);
}

/** Time for a few looks. */
const someLooks = () => createAdmission(register, 600).until(Infinity);

test('waits until a broker has taken over as much', async () => {
  await writeSyncMark(register, 100);
  const waiting = createAdmission(register).until(200);
  expect(await isOver(waiting, someLooks())).toBe(false);
  await writeSyncMark(register, 200);
  await waiting;
});

test.each([
  ['nobody says how far brokers are', undefined],
  ['what is said cannot be understood', 'soon\n'],
])('does not wait where %s', async (_where, text) => {
  if (text !== undefined) await writeFile(`${register}.synced`, text);
  await createAdmission(register).until(200);
});

test('stops waiting for a mark that was waited for in vain, until it moves again', async () => {
  await writeSyncMark(register, 100);
  const admission = createAdmission(register, 0);
  await admission.until(200);
  const patient = createAdmission(register);
  expect(await isOver(admission.until(200), patient.until(200))).toBe(true);
  await writeSyncMark(register, 150);
  const waiting = admission.until(150);
  await waiting;
  patient.stop();
});

test('gives up when it is stopped', async () => {
  await writeSyncMark(register, 100);
  const admission = createAdmission(register);
  const waiting = admission.until(200);
  admission.stop();
  await waiting;
});

test('a mark that cannot be written does no harm', async () => {
  await writeSyncMark(join(folder, 'missing', 'register.jsonl'), 100);
  await createAdmission(register).until(1);
});
