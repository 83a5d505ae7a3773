import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { questions, refused } from '../../../../test/puppet/questions.ts';
import { readRecording, type RecordedAnswer } from '../../../../test/puppet/recording.ts';
import { largestAnswerBytes } from './ask-puppetdb.ts';
import { createPuppetDbSource, type PuppetDbSettings } from './puppetdb-source.ts';

// A small HTTPS server that wants client certificates and replays what a real PuppetDB has said.

let folder: string;
let server: Server;
let settings: PuppetDbSettings;
let recorded: ReadonlyMap<string, RecordedAnswer>;
const clients: (string | undefined)[] = [];
type Answer = (response: ServerResponse, query: string) => void;
const replay: Answer = (response, query) => {
  const known = recorded.get(query);
  response.writeHead(known?.status ?? 500).end(known?.body ?? `Nothing was recorded for ${query}`);
};
let answer = replay;

beforeAll(async () => {
  recorded = await readRecording();
  folder = await mkdtemp(join(tmpdir(), 'muster puppetdb '));
  const clock = Date.now;
  const write = async (name: string, content: string) => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const authority = await createAuthority({ name: 'Test authority', clock });
  const stranger = await createAuthority({ name: 'Other authority', clock });
  const broker = await issueCertificate(authority, {
    role: 'broker',
    name: 'puppetdb',
    validDays: 30,
    hosts: ['127.0.0.1'],
  });
  const person = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 30 });
  const other = await issueCertificate(stranger, { role: 'person', name: 'mallory', validDays: 30 });
  await write('other-ca.pem', stranger.certificatePem);
  await write('other.pem', other.certificatePem);
  await write('other.key', other.keyPem);
  server = createServer(
    {
      cert: broker.certificatePem,
      key: broker.keyPem,
      ca: authority.certificatePem,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      clients.push(
        request.socket instanceof TLSSocket ? String(request.socket.getPeerCertificate().subject.CN) : 'nobody',
      );
      void text(request).then((body) => answer(response, (JSON.parse(body) as { query: string }).query)); // as the client writes it
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  settings = {
    url: `https://127.0.0.1:${port ?? 0}`,
    ca: await write('ca.pem', authority.certificatePem),
    certificate: await write('alice.pem', person.certificatePem),
    key: await write('alice.key', person.keyPem),
    timeoutMs: 5000,
  };
});
afterEach(() => {
  answer = replay;
  clients.length = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const ask = (
  filter: string,
  options: Record<string, string> = {},
  more: { settings?: Partial<PuppetDbSettings>; signal?: AbortSignal; timeoutMs?: number } = {},
) => {
  const { settings: changed, ...limits } = more;
  const source = createPuppetDbSource({ ...settings, ...changed });
  const onNode = () => undefined;
  return source.find({ filter: unwrap(parseFilter(filter)), collective: 'muster', options, onNode, ...limits });
};
const fault = (message: string) => ({
  ok: false,
  error: { code: 'discovery.failed', message: expect.stringContaining(message) as string },
});

describe('what a real PuppetDB answered', () => {
  it.each(questions.map((question) => [Object.values(question.ask).join(), question] as const))(
    '%s',
    async (_name, { ask: asked, answer: names }) => {
      const found = 'filter' in asked ? await ask(asked.filter) : await ask('', { ...asked });
      expect([...unwrap(found)].sort()).toEqual(names.map((name) => `${name}.example.com`));
      expect(new Set(clients)).toEqual(new Set(['alice']));
    },
  );
  it.each(refused)('%j', async ({ pql, message }) => expect(await ask('', { pql })).toMatchObject(fault(message)));
});

describe('what it cannot tell is refused before it is asked', () => {
  it.each([
    ['os.family>Debian', 'Cannot compare with the text "Debian" by >'],
    ['os.family=~/\\bDeb/', 'Cannot use `\\b` in a regular expression'],
    ['os.family=~/(?P<x>a)/', 'Cannot use `(?` in a regular expression'],
    ['os.family=~/a.b/s', 'Cannot use the flag s of a regular expression'],
    ['@agent=rpcutil', 'Cannot use agent filters'],
  ])('%s', async (filter, message) => {
    const unsupported = { code: 'discovery.unsupported', message: expect.stringContaining(message) as string };
    expect(await ask(filter)).toMatchObject({ ok: false, error: unsupported });
    expect(clients).toEqual([]);
  });

  it('a query of one’s own beside filters or another query', async () => {
    const invalid = {
      ok: false,
      error: { code: 'usage.invalid', message: expect.stringContaining('Cannot mix') as string },
    };
    expect(await ask('a=b', { pql: 'nodes{}' })).toMatchObject(invalid);
    expect(await ask('', { pql: 'nodes{}', ast: '[]' })).toMatchObject(invalid);
  });
});

describe('what goes wrong', () => {
  it('without an address', async () => {
    const source = createPuppetDbSource(null);
    const found = await source.find({ filter: { kind: 'all' }, collective: 'x', options: {}, onNode: () => undefined });
    expect(found).toMatchObject({ ok: false, error: { code: 'discovery.unconfigured' } });
  });

  it('with a certificate that PuppetDB does not trust', async () => {
    const other = { certificate: join(folder, 'other.pem'), key: join(folder, 'other.key') };
    expect(await ask('', {}, { settings: other })).toMatchObject(fault('broke off the connection'));
  });

  it('with a server that we do not trust', async () => {
    const found = await ask('', {}, { settings: { ca: join(folder, 'other-ca.pem') } });
    expect(found).toMatchObject(fault('No secure connection to PuppetDB'));
    expect(clients).toEqual([]);
  });

  it('with nobody there, and without a key', async () => {
    expect(await ask('', {}, { settings: { url: 'https://127.0.0.1:1' } })).toMatchObject(fault('cannot be reached'));
    const keyless = await ask('', {}, { settings: { key: join(folder, 'nosuch') } });
    expect(keyless).toMatchObject({ ok: false, error: { code: 'config.unreadable' } });
  });

  it.each([
    [403, 'Permission denied: \u001b[31m', 'does not let us in (HTTP 403): Permission denied: [31m'],
    [503, '', 'answered HTTP 503'],
    [200, '{}', 'did not answer with a list'],
    [200, '<html>', 'did not answer with a list'],
    [200, '[{"certname":"a/b"}]', '"a/b", which is no valid identity'],
    [200, '[{"certname":"a"},{"name":"b"}]', 'Row 2 of the answer of PuppetDB has no certname'],
  ])('HTTP %i with %j', async (status, body, message) => {
    answer = (response) => response.writeHead(status).end(body);
    expect(await ask('')).toMatchObject(fault(message));
  });

  it('with rows of nodes that are gone', async () => {
    answer = (response) =>
      response.end(
        '[{"certname":"a","deactivated":"2026-01-01T00:00:00Z"},{"certname":"b","expired":null},{"certname":"b"}]',
      );
    expect(unwrap(await ask(''))).toEqual(['b']);
  });

  it('with an answer without end', async () => {
    answer = (response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const write = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    };
    expect(await ask('', {}, { timeoutMs: 60_000 })).toMatchObject(
      fault(`larger than ${largestAnswerBytes / 1024 ** 2} MiB`),
    );
  });

  it('with an answer that does not come, or half of it', async () => {
    answer = () => undefined;
    expect(await ask('', {}, { timeoutMs: 100 })).toMatchObject(fault('did not answer within 0.1 seconds'));
    answer = (response) => response.write('[');
    expect(await ask('', {}, { timeoutMs: 200 })).toMatchObject(fault('did not answer within 0.2 seconds'));
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('[', () => response.destroy());
    };
    expect(await ask('')).toMatchObject(fault('broke off the connection'));
  });

  it('when it is interrupted', async () => {
    const interruption = new AbortController();
    answer = () => interruption.abort();
    const found = await ask('', {}, { signal: interruption.signal });
    expect(found).toMatchObject({ ok: false, error: { code: 'run.interrupted' } });
  });
});
