import { randomBytes } from 'node:crypto';
import { createDispatcher, type Dispatcher, type EndpointHandlers, type StreamSources } from '@muster/protocol/bridge';
import { ok, unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSession, sendRaw, sessionTransport } from '../../../test/support/browser-requests.ts';
import { ReportTickets, startBrowserHost, type BrowserHost } from './index.ts';

const startTimer = () => () => undefined;
let host: BrowserHost;

/** A console that answers one call, with its name. */
const consoleOf = (name: string): Dispatcher =>
  createDispatcher({
    handlers: { 'preferences.get': () => Promise.resolve(ok({ value: name })) } as unknown as EndpointHandlers,
    sources: {} as StreamSources,
    startTimer,
    onDefect: (_name, thrown) => {
      throw thrown;
    },
  });

beforeEach(async () => {
  const reports = new ReportTickets(randomBytes, startTimer);
  const dispatcher = consoleOf('production');
  host = unwrap(await startBrowserHost({ dispatcher, files: new Map(), reports, randomBytes, startTimer }));
});
afterEach(() => host.close());

const answered = async (secret: string) => sessionTransport(host.origin, secret)('preferences.get', { key: 'name' });

it('a session stays with its fleet, whatever sessions come after it', async () => {
  const first = (await openSession(host.issueLink())) ?? '';
  const staging = consoleOf('staging');
  const second = host.openSession(staging);
  const third = host.openSession(staging);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(await Promise.all([first, second, third].map(answered))).toEqual(
    ['production', 'staging', 'staging'].map((value) => ok({ value })),
  );
  expect(await answered('nobody')).toMatchObject({ error: { code: 'bridge.forbidden' } });
});

it('the guards hold for the session of another fleet', async () => {
  const secret = host.openSession(consoleOf('staging'));
  const answer = await sendRaw(host.origin, {
    method: 'POST',
    path: '/call/preferences.get',
    headers: {
      origin: 'https://evil.example',
      'content-type': 'application/json',
      authorization: `Bearer ${secret}`,
    },
    body: '{"key":"name"}',
  });
  expect(answer.status).toBe(403);
});
