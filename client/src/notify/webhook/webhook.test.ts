import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import type { ProxySettings } from '@muster/runtime/proxy';
import { openWebhookReceiver, type WebhookReceiver } from '../../../../test/support/client/webhook-receiver.ts';
import { openConnectProxy } from '../../../../test/support/connect-proxy.ts';
import type { Attempt } from '../attempt.ts';
import type { WebhookSettings } from '../settings.ts';
import { sendWebhook } from './send-webhook.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const message = { id: 'a'.repeat(32), body: '{"some":"ü"}' };

let folder: string;
let receiver: WebhookReceiver;
const others: { close: () => Promise<void> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster webhook '));
  receiver = await openWebhookReceiver();
});
afterEach(async () => {
  for (const one of [receiver, ...others.splice(0)]) await one.close();
  await rm(folder, { recursive: true });
});

const target = (more: Partial<WebhookSettings> = {}): WebhookSettings => ({
  kind: 'webhook',
  name: 'ops',
  on: ['finished'],
  url: `${receiver.url}/hidden/path?token=hidden`,
  secretFile: null,
  tokenFile: null,
  ca: null,
  timeoutMs: 5000,
  ...more,
});
const send = (
  more: Partial<WebhookSettings> = {},
  {
    timeoutMs = 5000,
    signal = new AbortController().signal,
    proxy,
  }: { timeoutMs?: number; signal?: AbortSignal; proxy?: ProxySettings } = {},
): Promise<Attempt> => sendWebhook(target(more), message, { proxy, nowMs: Date.now(), timeoutMs, signal });
const refused = (code: string, text: string) => ({
  ok: false,
  error: { code, message: expect.stringContaining(text) as string },
});

async function writeSecret(text: string, mode = 0o600): Promise<string> {
  const file = join(folder, 'secret');
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

describe('what a receiver gets', () => {
  it('is the body with the headers of Standard Webhooks, which the library of its authors verifies', async () => {
    expect(await send({ secretFile: await writeSecret(`${secret}\n`) })).toEqual({ ok: true, answer: 'HTTP 204' });
    const [got] = receiver.received;
    expect(got).toMatchObject({ method: 'POST', path: '/hidden/path?token=hidden', body: message.body });
    expect(got?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const headers = Object.fromEntries(
      Object.entries(got?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(headers['webhook-id']).toBe(message.id);
    expect(new Webhook(secret).verify(got?.body ?? '', headers)).toEqual({ some: 'ü' });
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    expect(() => new Webhook(other).verify(got?.body ?? '', headers)).toThrow('No matching signature');
  });

  it('has no signature without a secret', async () => {
    await send();
    expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(receiver.received[0]?.headers).toHaveProperty('webhook-id', message.id);
  });
});

describe('a token', () => {
  it('is what the receiver knows us by', async () => {
    expect(await send({ tokenFile: await writeSecret('open-sesame\n') })).toMatchObject({ ok: true });
    expect(receiver.received[0]?.headers).toHaveProperty('authorization', 'Bearer open-sesame');
    await send();
    expect(receiver.received[1]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['that others may read', 'open-sesame', 0o640, 'others may read it'],
    ['of two lines', 'open\nsesame', 0o600, 'holds no token'],
    ['that is empty', '\n', 0o600, 'holds no token'],
  ])('%s is not sent', async (_what, text, mode, said) => {
    expect(await send({ tokenFile: await writeSecret(text, mode) })).toMatchObject(refused('config.invalid', said));
    expect(receiver.received).toEqual([]);
  });
});

describe('a proxy', () => {
  /** A name that only the proxy knows. */
  const hidden = (url: string) => url.replace('127.0.0.1', 'hooks.example.com');

  it('carries what is posted, in the clear and under TLS; the certificate must be for the name', async () => {
    const proxy = await openConnectProxy();
    others.push(proxy);
    const through = { proxy: { url: proxy.url, except: [] } };
    expect(await send({ url: hidden(receiver.url) }, through)).toEqual({ ok: true, answer: 'HTTP 204' });
    const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
    const tls = await issueCertificate(authority, {
      ...{ role: 'broker', name: 'hooks', validDays: 1 },
      hosts: ['hooks.example.com'],
    });
    const secure = await openWebhookReceiver(tls);
    others.push(secure);
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, authority.certificatePem);
    expect(await send({ url: hidden(secure.url), ca }, through)).toEqual({ ok: true, answer: 'HTTP 204' });
    expect(secure.received).toMatchObject([{ body: message.body }]);
    expect(await send({ url: secure.url.replace('127.0.0.1', 'other.example.com'), ca }, through)).toMatchObject(
      refused('notify.failed', 'No secure connection to'),
    );
    expect(proxy.asked.map(({ target: asked }) => asked.split(':')[0])).toEqual([
      'hooks.example.com',
      'hooks.example.com',
      'other.example.com',
    ]);
  });

  it('that says nothing is not waited for when the console leaves, nor for ever', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    others.push({ close: () => new Promise((resolve) => silent.close(() => resolve())) });
    // A TCP server that listens has an address.
    const { port } = silent.address() as AddressInfo;
    const proxy = { url: `http://127.0.0.1:${port}`, except: [] };
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 50);
    expect(await send({ url: hidden(receiver.url) }, { proxy, signal: leaving.signal })).toEqual(
      refused('run.interrupted', 'Interrupted'),
    );
    expect(await send({ url: hidden(receiver.url) }, { proxy, timeoutMs: 100 })).toMatchObject(
      refused('notify.failed', 'did not answer in time'),
    );
  });

  it('that refuses is told, with what to do', async () => {
    const proxy = await openConnectProxy({ status: 403 });
    others.push(proxy);
    expect(await send({ url: hidden(receiver.url) }, { proxy: { url: proxy.url, except: [] } })).toEqual({
      ok: false,
      error: {
        code: 'notify.failed',
        message: `The proxy ${proxy.url} did not let us through (HTTP 403)`,
        mend: 'Check proxy in console.yaml.',
      },
    });
  });
});

describe('a secret', () => {
  it.each([
    ['that others may read', secret, 0o640, /others may read it/],
    ['without its prefix', secret.slice(6), 0o600, /holds no secret for webhooks/],
    ['that is too short', `whsec_${Buffer.alloc(23).toString('base64')}`, 0o600, /holds no secret for webhooks/],
    ['that is too long', `whsec_${Buffer.alloc(65).toString('base64')}`, 0o600, /holds no secret for webhooks/],
  ])('%s is refused before anything is sent, and not repeated', async (_what, text, mode, reason) => {
    const attempt = await send({ secretFile: await writeSecret(text, mode) });
    expect(attempt).toMatchObject({
      ok: false,
      error: { code: 'config.invalid', message: expect.stringMatching(reason) as string },
    });
    expect(JSON.stringify(attempt)).not.toContain(text.replace('whsec_', ''));
    expect(receiver.received).toEqual([]);
  });

  it('that is missing is told', async () => {
    expect(await send({ secretFile: join(folder, 'nosuch') })).toMatchObject(refused('config.unreadable', 'nosuch'));
  });
});

describe('a receiver', () => {
  const status =
    (code: number, headers: Record<string, string> = {}, body = '') =>
    (response: ServerResponse) =>
      void response.writeHead(code, headers).end(body);

  it.each([
    [400, 'notify.refused'],
    [401, 'notify.refused'],
    [410, 'notify.refused'],
    [408, 'notify.failed'],
    [429, 'notify.failed'],
    [500, 'notify.failed'],
    [503, 'notify.failed'],
  ])('that answers %i is %s, in its own words made harmless', async (code, kind) => {
    receiver.answer(status(code, {}, 'no\u001b[31m\r\nroom'));
    const attempt = await send();
    expect(attempt).toMatchObject(refused(kind, `HTTP ${code}: no\\u001b[31m room`));
    expect(JSON.stringify(attempt)).not.toContain('hidden');
  });

  it('says how long it wants to be left alone', async () => {
    receiver.answer(status(503, { 'retry-after': '120' }));
    expect(await send()).toMatchObject({ ok: false, waitMs: 120_000 });
    receiver.answer(status(503, { 'retry-after': 'soon' }));
    expect(await send()).not.toHaveProperty('waitMs');
  });

  it('that leads elsewhere is not followed', async () => {
    const elsewhere = await openWebhookReceiver();
    others.push(elsewhere);
    receiver.answer(status(307, { location: elsewhere.url }));
    expect(await send()).toMatchObject(refused('notify.refused', 'redirects are not followed'));
    expect(elsewhere.received).toEqual([]);
  });

  it('that does not answer is not waited for', async () => {
    receiver.answer(() => undefined);
    expect(await send({}, { timeoutMs: 100 })).toMatchObject(refused('notify.failed', 'within 0.1 seconds'));
  });

  it('that says without end is cut short', async () => {
    const flood = (code: number) => (response: ServerResponse) => {
      response.writeHead(code);
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', write);
      write();
    };
    receiver.answer(flood(500));
    const attempt = await send();
    expect(attempt).toMatchObject(refused('notify.failed', 'HTTP 500: xxx'));
    expect(JSON.stringify(attempt).length).toBeLessThan(500);
    receiver.answer(flood(200));
    expect(await send()).toMatchObject({ ok: true });
  });

  it('that nobody is, or that hangs up, is told', async () => {
    expect(await send({ url: 'http://127.0.0.1:1/' })).toMatchObject(refused('notify.failed', 'cannot be reached'));
    receiver.answer((response) => void response.destroy());
    expect(await send()).toMatchObject(refused('notify.failed', 'cannot be reached'));
  });

  it('is left alone when the console closes', async () => {
    const leaving = new AbortController();
    receiver.answer(() => leaving.abort());
    expect(await send({}, { signal: leaving.signal })).toMatchObject(refused('run.interrupted', 'Interrupted'));
  });
});

describe('TLS', () => {
  it('is believed by the authority that is named, and by no other', async () => {
    const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
    const stranger = await createAuthority({ name: 'Other authority', clock: Date.now });
    const of = { role: 'broker', name: 'hooks', validDays: 30, hosts: ['127.0.0.1'] } as const;
    const secure = await openWebhookReceiver(await issueCertificate(authority, of));
    others.push(secure);
    await writeFile(join(folder, 'ca.pem'), authority.certificatePem);
    await writeFile(join(folder, 'other.pem'), stranger.certificatePem);
    expect(await send({ url: secure.url, ca: join(folder, 'ca.pem') })).toMatchObject({ ok: true });
    for (const ca of [join(folder, 'other.pem'), null])
      expect(await send({ url: secure.url, ca })).toMatchObject(refused('notify.failed', 'No secure connection'));
    expect(secure.received).toHaveLength(1);
  });
});
