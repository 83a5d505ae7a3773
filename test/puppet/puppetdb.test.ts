import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import { createPuppetDbSource } from '../../client/src/discovery/index.ts';
import { startPuppetDb, type PrivatePuppetDb } from './private-puppetdb.ts';
import { deactivate, submitNodes } from './puppetdb-client.ts';
import { gone, nodes, questions, refused } from './questions.ts';
import { startRecorder, type Recorder } from './recorder.ts';
import { writeRecording } from './recording.ts';

// Against a real PuppetDB on a real PostgreSQL, both of our own.

let db: PrivatePuppetDb;
let recorder: Recorder;

beforeAll(async () => {
  db = await startPuppetDb();
  await submitNodes(db, nodes);
  await deactivate(db, gone);
  recorder = await startRecorder(db);
}, 600_000);
afterAll(async () => {
  await recorder.stop();
  if (process.env['MUSTER_RECORD'] === '1') await writeRecording(recorder.answers);
  await db.stop();
}, 120_000);

const ask = (filter: string, options: Record<string, string> = {}) => {
  const { ca, client } = db.certificates;
  const source = createPuppetDbSource({ url: recorder.url, ca, ...client, timeoutMs: 60_000 });
  return source.find({ filter: unwrap(parseFilter(filter)), collective: 'muster', options, onNode: () => undefined });
};

describe('PuppetDB', () => {
  it.each(questions.map((question) => [Object.values(question.ask).join(), question] as const))(
    '%s',
    async (_name, { ask: asked, answer }) => {
      const found = 'filter' in asked ? await ask(asked.filter) : await ask('', { ...asked });
      expect([...unwrap(found)].sort()).toEqual(answer.map((name) => `${name}.example.com`));
    },
  );

  it.each(refused)('refuses %j', async ({ pql, message }) => {
    const failed = { code: 'discovery.failed', message: expect.stringContaining(message) as string };
    expect(await ask('', { pql })).toMatchObject({ ok: false, error: failed });
  });
});
