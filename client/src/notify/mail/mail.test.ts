import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate, type IssuedCertificate } from '@muster/runtime/pki';
import type { ProxySettings } from '@muster/runtime/proxy';
import { openConnectProxy } from '../../../../test/support/connect-proxy.ts';
import { openMailReceiver, type MailReceiver } from '../../../../test/support/client/mail-receiver.ts';
import type { Attempt } from '../attempt.ts';
import { eventDocument, type ToldAbout } from '../event.ts';
import type { MailSettings } from '../settings.ts';
import { composeMail } from './compose.ts';
import { sendMail } from './send-mail.ts';

const id = 'a'.repeat(32);
const about: ToldAbout = {
  kind: 'run',
  id: 'b'.repeat(32),
  agent: 'puppet',
  action: 'runonce',
  person: 'alice',
  collective: 'muster',
  state: 'finished',
  threshold_tripped: false,
  fault: null,
  started: '2026-11-27T00:00:00.000Z',
  ended: '2026-11-27T00:01:00.000Z',
  nodes: 3,
  answers: 2,
  states: { ok: 2, no_answer: 1 },
  link: `muster://run/${'b'.repeat(32)}`,
};
const documentOf = (changes: Partial<ToldAbout> = {}) => eventDocument(id, 'failed', { ...about, ...changes }, 1);

let folder: string;
let issued: IssuedCertificate;
const open: { close: () => Promise<unknown> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster mail '));
  const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const hosts = ['127.0.0.1', 'mail.example.com'];
  issued = await issueCertificate(authority, { role: 'broker', name: 'mail', validDays: 30, hosts });
  await writeFile(join(folder, 'ca.pem'), authority.certificatePem);
  await writeFile(join(folder, 'password'), 'open sesame\n', { mode: 0o600 });
  await writeFile(join(folder, 'wrong'), 'open barley\n', { mode: 0o600 });
  await writeFile(join(folder, 'readable'), 'open sesame\n', { mode: 0o644 });
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => rm(folder, { recursive: true }));

async function receive(options: Parameters<typeof openMailReceiver>[0] = {}): Promise<MailReceiver> {
  const receiver = await openMailReceiver({ cert: issued.certificatePem, key: issued.keyPem, ...options });
  open.push(receiver);
  return receiver;
}
const target = (port: number, more: Partial<MailSettings> = {}): MailSettings => ({
  kind: 'mail',
  name: 'mail',
  on: ['failed'],
  server: '127.0.0.1',
  port,
  tls: 'starttls',
  user: null,
  passwordFile: null,
  from: 'muster@example.com',
  to: ['ops@example.com', 'boss@example.com'],
  ca: join(folder, 'ca.pem'),
  timeoutMs: 5000,
  ...more,
});
const send = (
  settings: MailSettings,
  document = documentOf(),
  timeoutMs = 5000,
  proxy?: ProxySettings,
): Promise<Attempt> =>
  sendMail(
    settings,
    { id, body: JSON.stringify(document) },
    { proxy, nowMs: 1, timeoutMs, signal: new AbortController().signal },
  );
const refused = (code: string, text: string) => ({
  ok: false,
  error: { code, message: expect.stringContaining(text) as string },
});
const headersOf = (raw: string): string => raw.slice(0, raw.indexOf('\r\n\r\n'));

describe('a mail', () => {
  it.each(['starttls', 'implicit'] as const)('goes under TLS (%s), from whom has logged in', async (tls) => {
    const receiver = await receive({ secure: tls === 'implicit', authOptional: false });
    const login = { user: 'ops', passwordFile: join(folder, 'password') };
    expect(await send(target(receiver.port, { tls, ...login }))).toMatchObject({ ok: true });
    const [mail] = receiver.received;
    expect(mail).toMatchObject({
      from: 'muster@example.com',
      to: ['ops@example.com', 'boss@example.com'],
      user: 'ops',
      isSecure: true,
    });
    expect(mail?.raw).toContain('Subject: Muster: puppet runonce failed');
    expect(mail?.raw).toContain(`Message-ID: <${id}@example.com>`);
    expect(mail?.raw).toContain('Auto-Submitted: auto-generated');
    expect(mail?.raw).toMatch(/Content-Type: text\/plain[^]*Content-Type: text\/html/);
    expect(mail?.raw).toContain('No answer');
    expect(mail?.raw).not.toContain('open sesame');
  });

  it.each(['starttls', 'implicit'] as const)('goes through a proxy, under TLS (%s)', async (tls) => {
    const receiver = await receive({ secure: tls === 'implicit' });
    const proxy = await openConnectProxy();
    open.push(proxy);
    const through = { url: proxy.url, except: [] };
    const hidden = target(receiver.port, { tls, server: 'mail.example.com' });
    expect(await send(hidden, undefined, undefined, through)).toMatchObject({ ok: true });
    expect(receiver.received).toMatchObject([{ isSecure: true }]);
    expect(proxy.asked).toMatchObject([{ target: `mail.example.com:${receiver.port}` }]);
    expect(await send({ ...hidden, server: 'other.example.com' }, undefined, undefined, through)).toMatchObject(
      refused('notify.failed', 'No secure connection to'),
    );
  });

  it('goes in the clear where that is said', async () => {
    const receiver = await receive({ hideSTARTTLS: true });
    expect(await send(target(receiver.port, { tls: 'none' }))).toMatchObject({ ok: true });
    expect(receiver.received).toMatchObject([{ isSecure: false }]);
  });
});

describe('a mail server', () => {
  it('that offers no TLS gets neither mail nor password', async () => {
    const receiver = await receive({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    const attempt = await send(target(receiver.port, { user: 'ops', passwordFile: join(folder, 'password') }));
    expect(attempt).toMatchObject({ ok: false });
    expect(receiver.received).toEqual([]);
  });

  it('with a certificate of somebody else is not believed', async () => {
    const receiver = await receive();
    expect(await send(target(receiver.port, { ca: null }))).toMatchObject(
      refused('notify.failed', 'No secure connection'),
    );
    expect(receiver.received).toEqual([]);
  });

  it('that refuses the password is told, without the password', async () => {
    const receiver = await receive({ authOptional: false });
    const attempt = await send(target(receiver.port, { user: 'ops', passwordFile: join(folder, 'wrong') }));
    expect(attempt).toMatchObject(refused('notify.refused', 'does not let us in'));
    expect(JSON.stringify(attempt)).not.toContain('barley');
  });

  it('is not even asked where others may read the password', async () => {
    const attempt = await send(target(1, { user: 'ops', passwordFile: join(folder, 'readable') }));
    expect(attempt).toMatchObject(refused('config.invalid', 'others may read it'));
  });

  it('that refuses for good, for now, or some recipients, is told apart', async () => {
    const answering = (responseCode: number) =>
      receive({
        onMailFrom: (_address, _session, callback) =>
          callback(Object.assign(new Error('No\u001b[31m'), { responseCode })),
      });
    expect(await send(target((await answering(550)).port))).toMatchObject(refused('notify.refused', '550 No'));
    const later = await send(target((await answering(451)).port));
    expect(later).toMatchObject(refused('notify.failed', '451 No'));
    expect(JSON.stringify(later)).not.toContain('\u001b');
    const picky = await receive({
      onRcptTo: ({ address }, _session, callback) =>
        callback(address.startsWith('boss') ? Object.assign(new Error('Unknown'), { responseCode: 550 }) : null),
    });
    expect(await send(target(picky.port))).toMatchObject(refused('notify.refused', '1 of 2 recipients'));
  });

  it('that is silent is not waited for, and one that nobody is is told', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // it listens on TCP
    expect(await send(target(port), documentOf(), 200)).toMatchObject({ ok: false, error: { code: 'notify.failed' } });
    for (const socket of sockets) socket.destroy();
    silent.close();
    expect(await send(target(1))).toMatchObject(refused('notify.failed', 'cannot be reached'));
  });
});

describe('hostile names', () => {
  const hostile = 'web\r\nBcc: mallory@example.com\r\n\r\n<script>alert(1)</script>\u202e"&\u001b[31m';
  const evil = documentOf({ agent: hostile, person: hostile, state: hostile, states: { [hostile]: 1 } });

  it('add no header, no recipient and no part', async () => {
    const receiver = await receive();
    expect(await send(target(receiver.port), evil)).toMatchObject({ ok: true });
    const [mail] = receiver.received;
    expect(mail?.to).toEqual(['ops@example.com', 'boss@example.com']);
    expect(headersOf(mail?.raw ?? '')).not.toMatch(/^Bcc:/im);
    expect(mail?.raw.match(/^Subject:/gm)).toHaveLength(1);
    expect(mail?.raw.match(/^Content-Type: multipart/gm)).toHaveLength(1);
  });

  it('are only text in both parts', () => {
    const { subject, text, html } = composeMail(evil);
    for (const part of [subject, text, html]) expect(part.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(subject).not.toContain('\n');
    expect(subject.length).toBeLessThanOrEqual(150);
    expect(text).not.toMatch(/^Bcc:/m);
    const elements: string[] = [];
    const walk = (node: DefaultTreeAdapterTypes.Node) => {
      elements.push(node.nodeName);
      if ('childNodes' in node) node.childNodes.forEach(walk);
    };
    walk(parse(html));
    expect(new Set(elements)).toEqual(
      new Set(['#document', 'html', 'head', 'body', 'p', 'b', '#text', 'table', 'tbody', 'tr', 'th', 'td']),
    );
  });
});
