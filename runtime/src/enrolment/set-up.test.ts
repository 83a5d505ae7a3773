import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap, type Result } from '@muster/protocol/errors';
import { createMemoryBroker, type BrokerSettings } from '../bus/index.ts';
import { parseYaml, proxySection, type ProxySection } from '../config/index.ts';
import { randomBytes } from '../crypto/index.ts';
import { createAuthority, issueCertificate } from '../pki/index.ts';
import { z } from 'zod';
import { firstConfiguration, setUp, type SetUp } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster set up '));
});
afterEach(() => rm(folder, { recursive: true }));

const home = () => join(folder, 'home');

async function addConfiguration(text: string): Promise<void> {
  await mkdir(home());
  await writeFile(join(home(), 'agent.yaml'), text);
}

/** Begins to join, and gives up at the moment of connecting: how the broker would have been reached. */
async function begin(proxy?: ProxySection): Promise<{ reached: BrokerSettings | undefined; outcome: Result<SetUp> }> {
  const authority = await createAuthority({ name: 'Test', clock: Date.now });
  const { certificatePem, keyPem } = await issueCertificate(authority, { role: 'person', name: 'i-1', validDays: 1 });
  const broker = createMemoryBroker({ collectives: ['muster'], clock: Date.now });
  const waiting = new AbortController();
  let reached: BrokerSettings | undefined;
  const outcome = await setUp({
    invitation: {
      muster: 'join.v1',
      invitation: 'i-1',
      role: 'node',
      names: 'web1',
      collectives: ['muster'],
      broker: { urls: ['amqps://broker.example.com:5671'] },
      ca: authority.certificatePem,
      certificate: certificatePem,
      key: keyPem,
      expires: new Date(Date.now() + 86_400_000).toISOString(),
    },
    folder: home(),
    configuration: 'agent.yaml',
    proxy,
    onNews: () => undefined,
    signal: waiting.signal,
    clock: Date.now,
    randomBytes,
    connect(settings) {
      reached = settings;
      waiting.abort();
      return broker.connect();
    },
  });
  return { reached, outcome };
}

const given: ProxySection = { url: 'http://given.example.com:3128', except: [], allow_http: false };

it('joins directly where nothing names a proxy', async () => {
  const { reached, outcome } = await begin();
  expect(reached).toMatchObject({ urls: ['amqps://broker.example.com:5671'] });
  expect(reached?.proxy).toBeUndefined();
  expect(outcome).toMatchObject({ error: { code: 'run.interrupted' } });
});

it('joins through the proxy that is given, rather than that of a configuration', async () => {
  await addConfiguration('proxy: { url: "http://kept.example.com:3128" }\n');
  expect((await begin(given)).reached?.proxy).toEqual({ url: given.url, except: [] });
});

it('joins through the proxy of a configuration that is there, whatever that says besides', async () => {
  await addConfiguration(
    'identity: web1\nproxy: { url: "https://kept.example.com", username: muster, password_file: proxy.password }\n',
  );
  await writeFile(join(home(), 'proxy.password'), 'open sesame\n', { mode: 0o600 });
  expect((await begin()).reached?.proxy).toEqual({
    url: 'https://kept.example.com',
    except: [],
    account: { username: 'muster', password: 'open sesame' },
  });
});

it('does not go directly where the section, or its password, cannot be read', async () => {
  await addConfiguration('proxy: { url: "gopher://kept.example.com" }\n');
  expect(await begin()).toMatchObject({ reached: undefined, outcome: { error: { code: 'config.invalid' } } });
  const missing = await begin({
    ...given,
    username: 'muster',
    password_file: join(folder, 'nothing'),
    allow_http: true,
  });
  expect(missing).toMatchObject({ reached: undefined, outcome: { error: { code: 'config.unreadable' } } });
  await writeFile(join(folder, 'open'), 'sesame', { mode: 0o644 });
  const open = await begin({ ...given, username: 'muster', password_file: join(folder, 'open'), allow_http: true });
  expect(open).toMatchObject({ reached: undefined, outcome: { error: { code: 'config.invalid' } } });
});

it('writes the section into a first configuration', () => {
  const proxy: ProxySection = {
    url: 'http://proxy.example.com:3128',
    username: 'muster',
    password_file: '/etc/muster/proxy.password',
    except: ['.corp.example.com'],
    allow_http: true,
  };
  const sections = z.looseObject({ proxy: proxySection.optional() });
  const written = (section: ProxySection) => {
    const text = firstConfiguration({ role: 'node', name: 'web1', urls: ['amqps://a:5671'], proxy: section });
    return { text, proxy: unwrap(parseYaml(text, 'agent.yaml', sections)).proxy };
  };
  expect(written(proxy).proxy).toEqual(proxy);
  expect(written(given).proxy).toEqual(given);
  expect(written(given).text).toContain('proxy:\n  url: http://given.example.com:3128\ntrust:');
});
