import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NamedProxy, SetupState } from '@muster/protocol/bridge';
import { fail, ok, unwrap, type Result } from '@muster/protocol/errors';
import { createMemoryBroker, type BrokerSettings } from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import { writeJoinFile } from '@muster/runtime/enrolment';
import { createAuthority, issueCertificate, type Authority } from '@muster/runtime/pki';
import { eventually } from '../../../test/support/eventually.ts';
import { readConfiguration } from '../configuration/index.ts';
import { Setup } from './index.ts';

let folder: string;
let authority: Authority;
let opened: number;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster setup '));
  authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const alice = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 1 });
  const web1 = await issueCertificate(authority, { role: 'node', name: 'web1', validDays: 1 });
  const secret = { mode: 0o600 };
  await writeFile(at('authority.pem'), authority.certificatePem);
  await writeFile(at('mine.pem'), alice.certificatePem);
  await writeFile(at('mine.key'), alice.keyPem, secret);
  await writeFile(at('node.pem'), web1.certificatePem);
  await writeFile(at('node.key'), web1.keyPem, secret);
  for (const role of ['person', 'node'] as const) {
    const text = writeJoinFile({
      muster: 'join.v1',
      invitation: 'i-1',
      role,
      names: role === 'person' ? 'alice' : 'web*',
      collectives: ['muster'],
      broker: { urls: ['amqps://127.0.0.1:1'] },
      ca: authority.certificatePem,
      certificate: alice.certificatePem,
      key: alice.keyPem,
      expires: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await writeFile(at(`${role}.join`), text, secret);
  }
  opened = 0;
});
afterEach(() => rm(folder, { recursive: true }));

function countOpening(): Promise<Result<void>> {
  opened++;
  return Promise.resolve(ok(undefined));
}

function openSetup(
  openConsole?: () => Promise<Result<void>>,
  isUp = true,
  onConnect?: (settings: BrokerSettings) => void,
): Promise<Setup> {
  const broker = createMemoryBroker({ collectives: ['muster'], clock: Date.now });
  return Setup.open({
    home: at('home'),
    clock: Date.now,
    randomBytes,
    path: '',
    openConsole: openConsole ?? countOpening,
    ...(isUp
      ? {
          connect(settings) {
            onConnect?.(settings);
            return broker.connect();
          },
        }
      : {}),
  });
}

const brought = () => ({
  urls: ['amqps://127.0.0.1:1'],
  ca: at('authority.pem'),
  certificate: at('mine.pem'),
  key: at('mine.key'),
  evenUnreachable: false,
});

describe('an identity that a person has', () => {
  it('becomes a home that can be read, and opens the console', async () => {
    const setup = await openSetup();
    expect(unwrap(await setup.bring(brought())).problem).toBeNull();
    expect([setup.state.stage, opened]).toEqual(['open', 1]);
    const { configuration } = unwrap(await readConfiguration(at('home')));
    expect(configuration).toMatchObject({ person: 'alice', brokerUrls: ['amqps://127.0.0.1:1'] });
    expect(await setup.bring(brought())).toMatchObject({ error: { code: 'usage.invalid' } });
    await setup.close();
  });

  it.each<[string, Partial<ReturnType<typeof brought>> & { proxy?: NamedProxy }, string]>([
    ['urls', { urls: ['http://127.0.0.1'] }, 'config.invalid'],
    ['ca', { ca: '/nowhere/ca.pem' }, 'config.unreadable'],
    ['ca', { ca: 'mine.key' }, 'certificate.untrusted'],
    ['certificate', { certificate: 'node.pem' }, 'certificate.role'],
    ['certificate', { ca: 'mine.pem' }, 'certificate.untrusted'],
    ['key', { key: 'node.key' }, 'certificate.untrusted'],
    ['proxy', { proxy: { url: 'proxy:3128' } }, 'usage.invalid'],
    ['proxy', { proxy: { url: 'https://alice:sesame@proxy:3129' } }, 'usage.invalid'],
    ['proxy', { proxy: { url: 'https://proxy:3129', ca: '/nowhere/ca.pem' } }, 'config.unreadable'],
  ])('is wrong at %s with %o', async (field, change, code) => {
    const setup = await openSetup();
    const params = { ...brought(), ...change };
    for (const name of ['ca', 'certificate', 'key'] as const) {
      if (!params[name].startsWith('/')) params[name] = at(params[name]);
    }
    expect(unwrap(await setup.bring(params)).problem).toMatchObject({ field, fault: { code } });
    expect(await readdir(folder)).not.toContain('home');
    await setup.close();
  });

  it('is tried through the proxy that is named, which the home names then', async () => {
    await writeFile(at('proxy.password'), 'open sesame\n', { mode: 0o600 });
    const proxy = { url: 'http://127.0.0.1:9', username: 'muster', passwordFile: at('proxy.password') };
    const reached: BrokerSettings[] = [];
    const setup = await openSetup(undefined, true, (settings) => reached.push(settings));
    expect(unwrap(await setup.bring({ ...brought(), proxy })).problem).toBeNull();
    expect(reached[0]?.proxy).toEqual({
      url: 'http://127.0.0.1:9',
      except: [],
      account: { username: 'muster', password: 'open sesame' },
    });
    const { configuration } = unwrap(await readConfiguration(at('home')));
    expect(configuration.proxy).toEqual({ url: 'http://127.0.0.1:9', username: 'muster', except: [] });
    await setup.close();
  });

  it('is set up without a broker only when that is said', async () => {
    const setup = await openSetup(undefined, false);
    expect(unwrap(await setup.bring(brought())).problem).toMatchObject({
      field: 'urls',
      fault: { code: 'broker.unreachable' },
    });
    expect(unwrap(await setup.bring({ ...brought(), evenUnreachable: true })).problem).toBeNull();
    expect(setup.state.stage).toBe('open');
    await setup.close();
  });

  it('never writes over a key', async () => {
    await mkdir(at('home'));
    await writeFile(at('home/alice.key'), 'another', { mode: 0o600 });
    const setup = await openSetup();
    expect(unwrap(await setup.bring(brought())).problem).toMatchObject({ fault: { code: 'file.unwritable' } });
    expect(await readFile(at('home/alice.key'), 'utf8')).toBe('another');
    await setup.close();
  });

  it('that cannot be opened is told', async () => {
    const setup = await openSetup(() => Promise.resolve(fail('storage.failed', 'no')));
    await setup.bring(brought());
    expect(setup.state).toMatchObject({ stage: 'asking', fault: { code: 'storage.failed' } });
    await setup.close();
  });
});

describe('an invitation', () => {
  it('tells what it is for, and no key', async () => {
    const setup = await openSetup();
    const about = unwrap(await setup.read(at('person.join')));
    expect(about).toMatchObject({ names: 'alice', authority: { name: 'Test authority' } });
    expect(JSON.stringify(about)).not.toContain('PRIVATE KEY');
    expect(await setup.read(at('node.join'))).toMatchObject({ error: { code: 'join.not_invited' } });
    expect(await setup.read(at('mine.pem'))).toMatchObject({ error: { code: 'join.unreadable' } });
    await setup.close();
  });

  it('is waited with, also after a restart, until the waiting is given up', async () => {
    const first = await openSetup(undefined, false);
    const states: SetupState[] = [];
    first.onChange((state) => states.push(state));
    unwrap(await first.join({ file: at('person.join') }));
    await eventually(() => expect(first.state.joining?.trouble?.code).toBe('broker.unreachable'));
    const key = first.state.joining?.key;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(states)).not.toContain('PRIVATE KEY');
    await first.close();

    const second = await openSetup(undefined, false);
    await eventually(() => expect(second.state.joining?.key).toBe(key));
    unwrap(await second.leave());
    expect(second.state).toMatchObject({ stage: 'asking', joining: null, fault: null });
    await second.close();

    const third = await openSetup(undefined, false);
    expect(third.state.stage).toBe('asking');
    await third.close();
  });

  it('is waited with through the proxy that was named, also after a restart', async () => {
    await writeFile(at('proxy.password'), 'open sesame\n', { mode: 0o600 });
    const reached: (BrokerSettings['proxy'] | undefined)[] = [];
    const remember = ({ proxy }: BrokerSettings) => void reached.push(proxy);
    const proxy = { url: 'http://alice@127.0.0.1:9', passwordFile: at('proxy.password') };
    const first = await openSetup(undefined, true, remember);
    const refused = await first.join({ file: at('person.join'), proxy: { url: 'http://alice:sesame@127.0.0.1:9' } });
    expect(unwrap(refused).proxyFault).toMatchObject({ code: 'usage.invalid' });
    expect(first.state.stage).toBe('asking');
    expect(unwrap(await first.join({ file: at('person.join'), proxy })).proxyFault).toBeNull();
    await eventually(() => expect(reached).toHaveLength(1));
    await first.close();
    expect(await readFile(at('home/joining.json'), 'utf8')).not.toContain('sesame');
    const second = await openSetup(undefined, true, remember);
    await eventually(() => expect(reached).toHaveLength(2));
    await second.close();
    const account = { username: 'alice', password: 'open sesame' };
    expect(reached).toEqual([1, 2].map(() => ({ url: 'http://127.0.0.1:9', except: [], account })));
  });
});
