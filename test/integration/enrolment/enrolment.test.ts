import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watchRegister } from '@muster/broker-config/sync';
import { unwrap } from '@muster/protocol/errors';
import { invite, makeAuthority, openAuthority, type InvitationOrder } from '@muster/runtime/authority';
import { writeJoinFile } from '@muster/runtime/enrolment';
import { loadAuthority } from '@muster/runtime/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { muster, start } from '../cli/muster-process.ts';

/*
 * An authority that serves, a broker that takes its users from the register, agents and a console that came by nothing but invitations.
 */

const patienceMs = 120_000;
const dayMs = 24 * 3_600_000;
const agentEntry = fileURLToPath(new URL('../../../agent/dist/main.js', import.meta.url));

let folder: string;
let ca: string;
let broker: TestBroker;
const syncing = new AbortController();
let synced: Promise<void>;
let service: ReturnType<typeof start>;
const agents: ChildProcess[] = [];

const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-enrolment-'));
  ca = at('ca');
  unwrap(await makeAuthority(ca, { name: 'Test authority', clock: Date.now }));
  const [certificatePem = '', keyPem = ''] = await Promise.all(
    ['ca.pem', 'ca.key'].map((name) => readFile(join(ca, name), 'utf8')),
  );
  const authority = await loadAuthority({ certificatePem, keyPem, clock: Date.now });
  broker = await startTestBroker({ authority, persons: [] });
  await writeFile(join(ca, 'authority.yaml'), `broker: { urls: ['${broker.url}'] }\napprovers: [alice]\n`);
  synced = watchRegister(
    {
      register: join(ca, 'register.jsonl'),
      revocations: { file: join(ca, 'crl.pem'), folder: join(broker.home, 'broker') },
      collectives: ['muster'],
      ctl: broker.ctl(),
      clock: Date.now,
    },
    { signal: syncing.signal, onTurn: () => undefined, onFault: () => undefined },
  );
  service = start(folder, ['ca', 'serve', ca]);
  await eventually(() => expect(service.out()).toContain('"event":"ready"'), patienceMs);
}, 300_000);

afterAll(async () => {
  for (const agent of agents) {
    if (agent.exitCode === null && agent.kill('SIGTERM')) await once(agent, 'close');
  }
  service.signal('SIGTERM');
  await service.ended;
  syncing.abort();
  await synced;
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Agent {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly code: Promise<unknown>;
}

function agent(...args: readonly string[]): Agent {
  const child = spawn(process.execPath, [agentEntry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  agents.push(child);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text));
  return { process: child, out: () => out, code: once(child, 'close').then(([code]: unknown[]) => code) };
}

async function runAgent(name: string): Promise<Agent> {
  await appendFile(at(name, 'agent.yaml'), 'policies: { allow_unconfigured: true }\n');
  await mkdir(at(name, 'plugin.d'));
  await writeFile(at(name, 'plugin.d', 'shell.yaml'), 'activate: true\n');
  const running = agent('--config', at(name, 'agent.yaml'));
  await eventually(() => expect(running.out()).toContain('"event":"ready"'), patienceMs);
  return running;
}

/** An invitation of the command line's, as a file. */
async function invitation(name: string, ...flags: readonly string[]): Promise<string> {
  const file = at(`${name}.join`);
  const made = await muster(folder, 'ca', 'invite', ca, ...flags, '--out', file);
  expect(made, made.err).toMatchObject({ code: 0 });
  return file;
}

/** One with bounds that the command line does not give. */
async function specialInvitation(name: string, order: InvitationOrder): Promise<string> {
  const authority = unwrap(await openAuthority(ca, Date.now, { patienceMs }));
  const made = unwrap(await invite(authority, order));
  await authority.close();
  const text = writeJoinFile({
    muster: 'join.v1',
    ...made,
    role: order.role,
    names: order.names,
    collectives: ['muster'],
    broker: { urls: [broker.url] },
    ca: authority.certificatePem,
    expires: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await writeFile(at(`${name}.join`), text, { mode: 0o600 });
  return at(`${name}.join`);
}

const home = () => at('alice');
const keyIn = (text: string): string => (/Key {6}((?:[0-9a-f]{8} ?){8})/.exec(text)?.[1] ?? '').replaceAll(' ', '');

describe('enrolment over a real broker', () => {
  it('takes a person and a node with one-time invitations, and the node answers the person', async () => {
    const forAlice = await invitation('alice', 'person', 'alice', '--at-once');
    const alice = await muster(home(), 'keys', 'join', forAlice);
    expect(alice, alice.err).toMatchObject({ code: 0 });
    const forWeb1 = await invitation('web1', 'node', 'web1.example.com', '--at-once');
    const joined = agent('join', forWeb1, '--out', at('web1'));
    expect(await joined.code, joined.out()).toBe(0);
    await runAgent('web1');
    await eventually(async () => {
      const ping = await muster(home(), 'ping', '--json');
      expect(ping.out, ping.err).toContain('web1.example.com');
    }, patienceMs);
    const again = agent('join', forWeb1, '--out', at('thief'));
    expect(await again.code).toBe(1);
    expect(again.out()).toContain('join.used');
  });

  it('holds a node until a person has compared the key, also over a restart of the authority', async () => {
    const waiting = agent(
      'join',
      await invitation('web2', 'node', 'web*.example.com'),
      '--identity',
      'web2.example.com',
      '--out',
      at('web2'),
    );
    await eventually(() => expect(waiting.out()).toContain('until a person approves'), patienceMs);
    service.signal('SIGTERM');
    await service.ended;
    service = start(folder, ['ca', 'serve', ca]);
    await eventually(() => expect(service.out()).toContain('"event":"ready"'), patienceMs);
    const listed = await muster(home(), 'join', 'list', '--json');
    const key = keyIn(waiting.out());
    expect(JSON.parse(listed.out)).toMatchObject([{ role: 'node', name: 'web2.example.com', key }]);
    expect((await muster(home(), 'join', 'approve', 'web2.example.com', '--yes')).err).toContain('named by its key');
    const approved = await muster(home(), 'join', 'approve', key.slice(0, 16), '--yes');
    expect(approved, approved.err).toMatchObject({ code: 0 });
    expect(await waiting.code, waiting.out()).toBe(0);
    await runAgent('web2');
  });

  it('refuses a machine that was set up anew, unless that was said', async () => {
    const anew = agent(
      'join',
      await invitation('web2-b', 'node', 'web2.example.com', '--at-once'),
      '--out',
      at('web2-b'),
    );
    expect(await anew.code).toBe(1);
    expect(anew.out()).toContain('join.identity_taken');
    const said = await invitation('web2-c', 'node', 'web2.example.com', '--at-once', '--replace-holder');
    const replaced = agent('join', said, '--out', at('web2-c'));
    expect(await replaced.code, replaced.out()).toBe(0);
    const list = await muster(folder, 'ca', 'list', ca, '--json');
    const states = (JSON.parse(list.out) as readonly { readonly name: string; readonly state: string }[]) // as documented
      .filter(({ name }) => name === 'web2.example.com')
      .map(({ state }) => state);
    expect(states).toEqual(['revoked', 'valid']);
  });

  it('renews a certificate while an action runs, and nobody notices', async () => {
    const order = {
      role: 'node',
      names: 'short.example.com',
      uses: 1,
      hours: 1,
      atOnce: true,
      replace: false,
    } as const;
    const file = await specialInvitation('short', { ...order, validDays: 150_000 / dayMs });
    const joined = agent('join', file, '--out', at('short'));
    expect(await joined.code, joined.out()).toBe(0);
    const before = await readFile(at('short', 'short.example.com.pem'), 'utf8');
    const running = await runAgent('short');
    const command = `touch ${at('begun')}; until [ -e ${at('go')} ]; do sleep 0.2; done; echo finished`;
    const run = start(home(), [
      'rpc',
      'shell',
      'run',
      `command=${command}`,
      '-I',
      'short.example.com',
      '--json',
      '--timeout',
      '600',
    ]);
    await eventually(() => access(at('begun')), patienceMs);
    expect(running.out()).not.toContain('"event":"certificate.renewed"');
    await eventually(() => expect(running.out()).toContain('"event":"certificate.renewed"'), 300_000);
    await eventually(() => expect(running.out().split('"event":"broker.up"').length).toBeGreaterThan(2), patienceMs);
    await writeFile(at('go'), '');
    const ended = await run.ended;
    expect(ended.out, ended.err).toContain('finished');
    expect(await readFile(at('short', 'short.example.com.pem'), 'utf8')).not.toBe(before);
    const checked = await muster(
      folder,
      'audit',
      'verify',
      at('short', 'state', 'audit.log'),
      '--ca',
      join(ca, 'ca.pem'),
    );
    expect(checked, checked.out + checked.err).toMatchObject({ code: 0 });
  });
});
