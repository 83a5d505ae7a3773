import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syncOnce, watchRegister, type SyncOptions, type SyncTurn } from '@muster/broker-config/sync';
import { unwrap, type Fault } from '@muster/protocol/errors';
import type { Member } from '@muster/protocol/topology';
import { makeAuthority, openAuthority, type AuthorityFolder } from '@muster/runtime/authority';
import type { BrokerSettings } from '@muster/runtime/bus';
import { createSigningRequest, loadAuthority, readSigningRequest } from '@muster/runtime/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAmqp } from '../../support/amqp.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

/*
 * An authority in a folder, and a broker that knows nobody at first: who may connect it learns from the register.
 */

const dayMs = 24 * 3_600_000;
const patienceMs = 90_000;
const web1 = 'CN=web1.example.com,OU=node,O=Muster';
const alice = 'CN=alice,OU=person,O=Muster';
const noUser = /ACCESS_REFUSED/;
const revokedAtTls = /alert certificate revoked/;

let folder: string;
let authority: AuthorityFolder;
let broker: TestBroker;
let options: SyncOptions;
let aheadMs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-sync-'));
  unwrap(await makeAuthority(folder, { name: 'Test authority', clock: Date.now }));
  const [certificatePem, keyPem] = await Promise.all(
    ['ca.pem', 'ca.key'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const loaded = await loadAuthority({ certificatePem: certificatePem ?? '', keyPem: keyPem ?? '', clock: Date.now });
  broker = await startTestBroker({ authority: loaded, persons: ['stranger'] });
  authority = unwrap(await openAuthority(folder, Date.now));
  options = {
    register: join(folder, 'register.jsonl'),
    revocations: { file: join(folder, 'crl.pem'), folder: join(broker.home, 'broker') },
    collectives: ['muster'],
    ctl: broker.ctl(),
    clock: () => Date.now() + aheadMs,
  };
});
afterAll(async () => {
  await authority.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What somebody connects with: a new certificate that is in the register. */
async function issue({ role, name }: Member, validDays = 30): Promise<BrokerSettings> {
  const { requestPem, keyPem: key } = await createSigningRequest({ role, name });
  const { publicKey } = unwrap(await readSigningRequest(requestPem));
  const certificate = unwrap(await authority.issue({ role, name, publicKey, validDays }));
  return { urls: [broker.url], ca: authority.certificatePem, certificate, key, connectionName: name };
}

const sync = async (): Promise<SyncTurn> => unwrap(await syncOnce(options));

async function connects(settings: BrokerSettings): Promise<void> {
  const connection = await connectAmqp(settings);
  await connection.close();
}

describe('the users of a broker', () => {
  it('are made from the register, once', async () => {
    const [node, person] = [
      await issue({ role: 'node', name: 'web1.example.com' }),
      await issue({ role: 'person', name: 'alice' }),
    ];
    await expect(connects(node)).rejects.toThrow(noUser);
    const first = await sync();
    expect(first).toMatchObject({ put: [web1, alice], removed: [], closed: [] });
    expect(first.unknown).toEqual(['CN=stranger,OU=person,O=Muster']);
    expect(first.lists).toHaveLength(1);
    await connects(node);
    await connects(person);
    expect(await sync()).toMatchObject({ put: [], removed: [], closed: [], lists: [] });
  });

  it('are thrown out when their certificate is revoked, and refused before they can speak', async () => {
    const settings = await issue({ role: 'node', name: 'web2.example.com' });
    await sync();
    const connection = await connectAmqp(settings);
    const closed = once(connection, 'close');
    unwrap(await authority.revoke('web2.example.com', 'key-compromise'));
    expect(await sync()).toMatchObject({ removed: ['CN=web2.example.com,OU=node,O=Muster'] });
    await closed;
    await expect(connects(settings)).rejects.toThrow(revokedAtTls);
  });

  it('stay when they have another certificate, but none of the old one’s connections does', async () => {
    const stolen = await issue({ role: 'person', name: 'bob' });
    const serial = authority.issued.at(-1)?.serial ?? '';
    await sync();
    const connection = await connectAmqp(stolen);
    const closed = once(connection, 'close');
    const renewed = await issue({ role: 'person', name: 'bob' });
    // The broker notes the time of a connection in milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 5));
    unwrap(await authority.revoke(serial, 'key-compromise'));
    expect(await sync()).toMatchObject({ put: [], removed: [], closed: ['CN=bob,OU=person,O=Muster'] });
    await closed;
    await expect(connects(stolen)).rejects.toThrow(revokedAtTls);
    await connects(renewed);
  });

  it('get the rights of further collectives', async () => {
    expect(unwrap(await syncOnce({ ...options, collectives: ['muster', 'web'] })).put).toContain(alice);
    expect((await sync()).put).toContain(alice);
  });

  it('are left alone while the register cannot be read', async () => {
    const missing = await syncOnce({ ...options, register: join(folder, 'nowhere.jsonl') });
    expect(missing).toMatchObject({ ok: false, error: { code: 'authority.missing' } });
    await connects(await issue({ role: 'person', name: 'alice' }));
  });
});

it('a watch follows the register, and what expires', async () => {
  const turns: SyncTurn[] = [];
  const faults: Fault[] = [];
  const stop = new AbortController();
  const watching = watchRegister(options, {
    signal: stop.signal,
    onTurn: (turn) => turns.push(turn),
    onFault: (fault) => faults.push(fault),
  });
  try {
    const names = Array.from({ length: 30 }, (_unused, index) => `rack${index}.example.com`);
    const [first] = await Promise.all(names.map((name) => issue({ role: 'node', name }, 10)));
    if (first === undefined) throw new Error('nothing was issued');
    await eventually(() => connects(first), patienceMs);
    await eventually(() => expect(turns.flatMap(({ put }) => put)).toHaveLength(names.length), patienceMs);
    const connection = await connectAmqp(first);
    const closed = once(connection, 'close');
    aheadMs = 11 * dayMs;
    await closed;
    await eventually(() => expect(turns.flatMap(({ removed }) => removed)).toHaveLength(names.length), patienceMs);
    expect(faults).toEqual([]);
  } finally {
    aheadMs = 0;
    stop.abort();
    await watching;
  }
});
