import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReportTickets, startBrowserHost, type BrowserHost } from '@muster/electron/browser-host';
import { contentSecurityPolicy, type WindowFiles } from '@muster/electron/window-files';
import { unwrap, type Fault } from '@muster/protocol/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, sendRaw, sessionTransport, type RawAnswer } from '../../support/browser-requests.ts';
import { eventually } from '../../support/eventually.ts';
import { createHandClock, type HandClock } from '../../support/hand-clock.ts';
import { createSmallEngine, type SmallEngine } from './small-engine.ts';

const files: WindowFiles = new Map([
  ['/', { contentType: 'text/html; charset=utf-8', body: new TextEncoder().encode('<!doctype html>') }],
  ['/assets/app.js', { contentType: 'text/javascript; charset=utf-8', body: new TextEncoder().encode('start()') }],
]);

describe('the browser host', () => {
  let clock: HandClock;
  let pullClock: HandClock;
  let engine: SmallEngine;
  let host: BrowserHost;
  let strangers: unknown[];
  let reports: ReportTickets;
  const faultIn = (answer: RawAnswer): Fault | undefined => (JSON.parse(answer.text) as { error?: Fault }).error; // every POST is answered with a result
  const session = async (): Promise<string> => (await openSession(host.issueLink())) ?? '';
  const count = async (headers: Record<string, string | undefined>): Promise<RawAnswer> =>
    sendRaw(host.origin, {
      path: '/call/fleet.count',
      headers: { authorization: `Bearer ${await session()}`, ...headers },
      body: '{"filter":""}',
    });

  beforeEach(async () => {
    clock = createHandClock();
    pullClock = createHandClock();
    engine = createSmallEngine(pullClock.startTimer);
    const { dispatcher } = engine;
    strangers = [];
    const onStranger = (stranger: unknown) => strangers.push(stranger);
    const { startTimer } = clock;
    reports = new ReportTickets(randomBytes, startTimer);
    host = unwrap(await startBrowserHost({ dispatcher, files, reports, randomBytes, startTimer, onStranger }));
  });

  afterEach(async () => {
    await host.close();
    expect(engine.openSources()).toBe(0);
    await eventually(() => expect(clock.waiting() + pullClock.waiting()).toBe(0));
  });

  describe('handing over reports', () => {
    let folder: string;
    let file: string;
    const fetchReport = (path: string, headers: Record<string, string | undefined> = {}, method = 'GET') =>
      sendRaw(host.origin, { method, path, headers });

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'muster-reports-'));
      file = join(folder, 'report');
      await writeFile(file, '<script>owned</script>');
    });
    afterEach(async () => {
      // What nobody fetches is good until its time is up.
      clock.advance(60_000);
      await rm(folder, { recursive: true });
    });
    const handOver = () => reports.handOver({ file, name: 'run 1".html', mediaType: 'text/html; charset=utf-8' });

    it('sends one once, to be saved and never to be shown', async () => {
      const address = handOver();
      const fetched = await fetchReport(address);
      expect(fetched).toMatchObject({ status: 200, text: '<script>owned</script>' });
      expect(fetched.headers).toMatchObject({
        'content-disposition': 'attachment; filename="run-1-.html"',
        'content-security-policy': "default-src 'none'; sandbox",
        'content-type': 'text/html; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(await fetchReport(address)).toMatchObject({ status: 403 });
      expect(strangers).toHaveLength(1);
    });

    it.each([
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['an address that was typed', { 'sec-fetch-site': 'none' }],
      ['no browser', { 'sec-fetch-site': undefined }],
      ['another name of this machine', { host: 'localhost' }],
    ])('refuses %s, and the address stays good', async (_who, headers) => {
      const address = handOver();
      expect((await fetchReport(address, headers)).status).toBe(403);
      expect((await fetchReport(address)).status).toBe(200);
    });

    it('refuses what is no address, and one whose minute is over', async () => {
      const address = handOver();
      for (const path of ['/report/', '/report/../report', `${address}x`, '/report/AAAA'])
        expect((await fetchReport(path)).status).toBe(403);
      expect((await fetchReport(address, {}, 'POST')).status).not.toBe(200);
      clock.advance(60_000);
      expect((await fetchReport(address)).status).toBe(403);
    });

    it('says so when the report is there no more', async () => {
      const address = handOver();
      await rm(file);
      expect((await fetchReport(address)).status).toBe(404);
    });
  });

  describe('serving files', () => {
    it('sends the page with a strict policy and nothing to be kept', async () => {
      const page = await sendRaw(host.origin, { method: 'GET', path: '/', headers: { 'sec-fetch-site': 'none' } });
      expect(page).toMatchObject({ status: 200, text: '<!doctype html>' });
      expect(page.headers).toMatchObject({
        'content-security-policy': contentSecurityPolicy,
        'content-type': 'text/html; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(contentSecurityPolicy).not.toContain('unsafe');
    });

    it('answers HEAD without a body', async () => {
      const head = await sendRaw(host.origin, { method: 'HEAD', path: '/assets/app.js' });
      expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '7' } });
    });

    it.each([
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/../../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/..\\package.json',
      '//etc/passwd',
      '/etc/passwd',
      '/assets/app.js%00.html',
      '/constructor',
      'http://127.0.0.1/assets/app.js',
      '*',
    ])('has nothing at %s', async (path) => {
      expect((await sendRaw(host.origin, { method: 'GET', path })).status).toBe(404);
    });

    it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s on a file', async (method) => {
      expect((await sendRaw(host.origin, { method, path: '/', headers: { origin: host.origin } })).status).toBe(405);
    });
  });

  describe('giving out sessions', () => {
    it('exchanges a token once', async () => {
      const link = host.issueLink();
      expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
      expect(await openSession(link)).toMatch(/^[\w-]{43}$/);
      expect(await openSession(link)).toBeNull();
    });

    it('voids a link that was not used when another is issued', async () => {
      const old = host.issueLink();
      const current = host.issueLink();
      expect(await openSession(old)).toBeNull();
      expect(await openSession(current)).not.toBeNull();
    });

    it('keeps the session of a tab when another gets its own', async () => {
      const first = sessionTransport(host.origin, await session());
      const second = sessionTransport(host.origin, await session());
      expect(await first('fleet.count', { filter: '' })).toMatchObject({ ok: true });
      expect(await second('fleet.count', { filter: '' })).toMatchObject({ ok: true });
    });

    it('lets no tab touch the stream of another', async () => {
      const [own, foreign] = [
        sessionTransport(host.origin, await session()),
        sessionTransport(host.origin, await session()),
      ];
      const opened = unwrap(await own('stream.open', { name: 'fleet.changes', params: {} }));
      const { streamId } = opened as { streamId: string }; // as `stream.open` answers
      const streamIds = [streamId];
      expect(await foreign('stream.pull', { streamIds })).toEqual({ ok: true, value: { news: [], ended: streamIds } });
      await foreign('stream.close', opened);
      expect(await own('stream.pull', { streamIds })).toMatchObject({ ok: true, value: { ended: [] } });
    });

    it.each([
      '',
      '{"token":7}',
      '{"token":""}',
      '{"token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}',
      '[]',
      'null',
    ])('refuses %j in place of a token', async (body) => {
      host.issueLink();
      const answer = await sendRaw(host.origin, { path: '/session', body });
      expect([400, 401]).toContain(answer.status);
      expect(faultIn(answer)).toBeDefined();
    });

    it.each([undefined, '', 'Bearer', 'Bearer ', 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'Basic YTpi'])(
      'refuses a call with authorization %j',
      async (authorization) => {
        const answer = await count({ authorization });
        expect(answer.status).toBe(401);
        expect(faultIn(answer)).toMatchObject({ code: 'bridge.forbidden', mend: expect.any(String) as string });
      },
    );

    it('does not take the token for a session', async () => {
      const token = new URL(host.issueLink()).hash.replace('#token=', '');
      expect(
        (
          await sendRaw(host.origin, {
            path: '/call/fleet.count',
            headers: { authorization: `Bearer ${token}` },
            body: '{}',
          })
        ).status,
      ).toBe(401);
    });
  });

  describe('guarding calls', () => {
    it('answers its own page', async () => {
      expect(await count({})).toMatchObject({
        status: 200,
        text: '{"ok":true,"value":{"matching":0,"total":0,"needsFleet":false}}',
      });
    });

    it.each([
      ['a name that resolves to us', { host: 'muster.attacker.example' }],
      ['localhost', { host: 'localhost' }],
      ['another port', { host: '127.0.0.1:1' }],
    ])('refuses the host %s, for files as for calls', async (_what, headers) => {
      expect((await count(headers)).status).toBe(403);
      expect((await sendRaw(host.origin, { method: 'GET', path: '/', headers })).status).toBe(403);
    });

    it.each([
      ['no origin', { origin: undefined }],
      ['an opaque origin', { origin: 'null' }],
      ['another origin', { origin: 'https://attacker.example' }],
      ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['another origin of the same site', { 'sec-fetch-site': 'same-site' }],
      ['the address bar', { 'sec-fetch-site': 'none' }],
    ])('refuses a call from %s', async (_what, headers) => {
      const answer = await count(headers);
      expect(answer.status).toBe(403);
      expect(faultIn(answer)).toMatchObject({ code: 'bridge.forbidden' });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    });

    it('tells of who was refused, cut short', async () => {
      const origin = `https://attacker.example/${'x'.repeat(1000)}`;
      await count({ origin });
      await count({ authorization: 'Bearer guessed' });
      await sendRaw(host.origin, { path: '/nothing', body: '{}' });
      const path = '/call/fleet.count';
      const own = { method: 'POST', path, host: new URL(host.origin).host, code: 'bridge.forbidden' };
      expect(strangers).toMatchObject([
        { ...own, origin: origin.slice(0, 200), reason: 'The request comes from another origin' },
        { ...own, origin: host.origin },
      ]);
    });

    it('lets no other site load files', async () => {
      const headers = { 'sec-fetch-site': 'cross-site' };
      expect((await sendRaw(host.origin, { method: 'GET', path: '/assets/app.js', headers })).status).toBe(403);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', undefined])(
      'refuses a body of type %j',
      async (type) => {
        expect((await count({ 'content-type': type })).status).toBe(415);
      },
    );

    it.each(['GET', 'PUT', 'OPTIONS'])('refuses calls with %s', async (method) => {
      const answer = await sendRaw(host.origin, {
        method,
        path: '/call/fleet.count',
        headers: { origin: host.origin },
      });
      expect(answer.status).toBe(405);
    });

    it.each(['/call/fleet.destroy', '/call/', '/call', '/call/fleet.count/', '/session/', '/Call/fleet.count'])(
      'knows no call at %s',
      async (path) => {
        const headers = { authorization: `Bearer ${await session()}` };
        expect((await sendRaw(host.origin, { path, headers, body: '{}' })).status).toBe(404);
      },
    );

    it.each(['', '{', '{"filter":"\xff', Buffer.from([0x22, 0xff, 0x22])])(
      'refuses %j in place of JSON',
      async (body) => {
        const headers = { authorization: `Bearer ${await session()}` };
        const answer = await sendRaw(host.origin, { path: '/call/fleet.count', headers, body });
        expect(answer.status).toBe(400);
        expect(faultIn(answer)).toMatchObject({ code: 'bridge.invalid_params' });
      },
    );

    it('refuses a body that is too large, declared or not', async () => {
      const authorization = `Bearer ${await session()}`;
      const body = Buffer.alloc(8 * 1024 * 1024 + 1, 0x20);
      const path = '/call/fleet.count';
      expect((await sendRaw(host.origin, { path, headers: { authorization }, body })).status).toBe(413);
      const chunked = { authorization, 'transfer-encoding': 'chunked' };
      expect((await sendRaw(host.origin, { path, headers: chunked, body })).status).toBe(413);
    });

    it('reads no body of a caller without a session', async () => {
      const body = Buffer.alloc(9 * 1024 * 1024, 0x20);
      expect((await sendRaw(host.origin, { path: '/call/fleet.count', body })).status).toBe(401);
    });

    it('refuses two Host headers', async () => {
      const socket = createConnection(Number(new URL(host.origin).port), '127.0.0.1');
      const name = new URL(host.origin).host;
      socket.end(`GET / HTTP/1.1\r\nHost: ${name}\r\nHost: attacker.example\r\nConnection: close\r\n\r\n`);
      const chunks: Buffer[] = [];
      // Without an encoding, a socket yields buffers.
      for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 40[03] /);
    });
  });

  describe('cutting off who dawdles', () => {
    /** A connection over which something is sent every 200 ms, until the host ends it; gives all that the host said. */
    async function dawdle(begin: string, more: string): Promise<string> {
      const socket = createConnection(Number(new URL(host.origin).port), '127.0.0.1');
      // A host that has ended the connection refuses what still comes.
      socket.on('error', () => undefined);
      socket.write(begin);
      const drip = setInterval(() => socket.write(more), 200);
      let said = '';
      socket.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(socket, 'close');
      clearInterval(drip);
      return said;
    }

    it('who takes all connections and never ends a header is gone in time, and the next is served', async () => {
      const begin = `GET / HTTP/1.1\r\nHost: ${new URL(host.origin).host}\r\n`;
      const said = await Promise.all(Array.from({ length: 128 }, () => dawdle(begin, 'X-More: 1\r\n')));
      for (const answer of said) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(strangers).toHaveLength(128);
      expect(strangers[0]).toMatchObject({ code: 'bridge.forbidden', reason: 'A request did not arrive in time' });
      expect(await count({})).toMatchObject({ status: 200 });
    });

    it('who never ends a body is gone in time, too', async () => {
      const begin = [
        'POST /call/fleet.count HTTP/1.1',
        `Host: ${new URL(host.origin).host}`,
        `Origin: ${host.origin}`,
        `Authorization: Bearer ${await session()}`,
        'Content-Type: application/json',
        'Content-Length: 100000\r\n\r\n{',
      ].join('\r\n');
      expect(await dawdle(begin, ' ')).not.toMatch(/^HTTP\/1\.1 200 /);
      expect(strangers).toMatchObject([{ reason: 'A request did not arrive in time' }]);
    });
  });

  describe('noticing that a tab went away', () => {
    const openStream = async (authorization: string): Promise<string> => {
      const body = JSON.stringify({ name: 'fleet.changes', params: {} });
      const answer = await sendRaw(host.origin, { path: '/call/stream.open', headers: { authorization }, body });
      return (JSON.parse(answer.text) as { value: { streamId: string } }).value.streamId; // as `stream.open` answers
    };

    it('closes a stream whose pull is cut', async () => {
      const authorization = `Bearer ${await session()}`;
      const streamId = await openStream(authorization);
      const tab = new AbortController();
      const pull = {
        path: '/call/stream.pull',
        headers: { authorization },
        body: JSON.stringify({ streamIds: [streamId] }),
      };
      await sendRaw(host.origin, pull);
      const cut = sendRaw(host.origin, { ...pull, signal: tab.signal });
      await eventually(() => expect(pullClock.waiting()).toBe(1));
      tab.abort();
      await expect(cut).rejects.toThrow();
      await eventually(() => expect(engine.openSources()).toBe(0));
    });

    it('closes a stream that is not pulled for a minute', async () => {
      await openStream(`Bearer ${await session()}`);
      clock.advance(59_999);
      expect(engine.openSources()).toBe(1);
      clock.advance(1);
      await eventually(() => expect(engine.openSources()).toBe(0));
    });

    it('keeps a stream that is pulled now and then', async () => {
      const authorization = `Bearer ${await session()}`;
      const streamId = await openStream(authorization);
      for (let minute = 0; minute < 3; minute++) {
        engine.changeFleet({ total: minute, revision: minute });
        await sendRaw(host.origin, {
          path: '/call/stream.pull',
          headers: { authorization },
          body: JSON.stringify({ streamIds: [streamId] }),
        });
        clock.advance(59_999);
      }
      expect(engine.openSources()).toBe(1);
    });
  });

  it('says when its port is taken', async () => {
    const { dispatcher } = engine;
    const port = Number(new URL(host.origin).port);
    const second = await startBrowserHost({
      dispatcher,
      files,
      port,
      reports,
      randomBytes,
      startTimer: clock.startTimer,
    });
    expect(second).toMatchObject({ ok: false, error: { code: 'config.invalid' } });
  });
});
