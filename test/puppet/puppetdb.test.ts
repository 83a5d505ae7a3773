import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import { createPuppetDbSource } from '../../client/src/discovery/index.ts';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { muster } from '../integration/cli/muster-process.ts';
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

describe('muster find', () => {
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'muster puppet '));
    const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
    const person = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 1 });
    const write = (name: string, text: string) => writeFile(join(home, name), text, { mode: 0o600 });
    await write('ca.pem', authority.certificatePem);
    await write('alice.pem', person.certificatePem);
    await write('alice.key', person.keyPem);
    await write('password', 'secret');
    const { ca, client } = db.certificates;
    const puppetdb = { url: db.url, ca, certificate: client.certificate, key: client.key };
    // JSON is YAML. Nobody listens at the broker's address: PuppetDB alone must do.
    const settings = {
      person: 'alice',
      broker: { urls: ['amqps://127.0.0.1:1'], username: 'person.alice', password_file: 'password' },
      trust: { ca: 'ca.pem', certificate: 'alice.pem', key: 'alice.key' },
      discovery: { puppetdb },
    };
    await write('console.yaml', JSON.stringify(settings));
  });
  afterAll(() => rm(home, { recursive: true }));

  it.each([
    [
      ['-F', 'os.family=Debian'],
      ['db01', 'web01'],
    ],
    [
      ['-F', 'processors.count>=8'],
      ['db01', 'web02'],
    ],
    [
      ['-C', 'role::web'],
      ['web01', 'web02'],
    ],
    [['-I', '/^db/'], ['db01']],
    [['-I', 'web[01-09].example.com', '-F', 'virtual=false'], ['web02']],
    [
      ['-S', 'role::db or (role::web and not virtual=true)'],
      ['db01', 'web02'],
    ],
    [['--do', 'pql=inventory[certname] { facts.os.release.major = "9" }'], ['web02']],
    [['--limit', '1', '--limit-seed', '3', '-C', 'role::db'], ['db01']],
  ])('%j', async (args, names) => {
    const { code, out, err } = await muster(home, 'find', '--dm', 'puppetdb', '--sort', ...args);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: names.map((name) => `${name}.example.com\n`).join(''),
      err: '',
    });
  });

  it('says what PuppetDB says of a broken query', async () => {
    const { code, err } = await muster(home, 'find', '--dm', 'puppetdb', '--do', 'pql=nodes[');
    expect(code).toBe(1);
    expect(err).toContain('PuppetDB refused the query: PQL parse error');
  });
});
