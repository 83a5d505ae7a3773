import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEngine } from '@muster/client/engine';
import { unwrap } from '@muster/protocol/errors';
import { invite, openAuthority, type InvitationOrder } from '@muster/runtime/authority';
import { writeJoinFile, type JoinFile } from '@muster/runtime/enrolment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  keyShownIn,
  startEnrolmentWorld,
  type AgentProcess,
  type EnrolmentWorld,
} from '../../support/enrolment-world.ts';
import { openConnectProxy } from '../../support/connect-proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { muster, start } from '../cli/muster-process.ts';

/*
 * An authority that serves, a broker that takes its users from the register, agents and a console that came by nothing but invitations.
 */

const patienceMs = 120_000;
const dayMs = 24 * 3_600_000;

let world: EnrolmentWorld;

beforeAll(async () => {
  world = await startEnrolmentWorld({ approvers: ['alice'] });
}, 300_000);

afterAll(() => world.stop());

const at = (...names: string[]): string => world.at(...names);

/** An agent with the agent `shell`. */
async function runAgent(name: string): Promise<AgentProcess> {
  await mkdir(at(name, 'plugin.d'));
  await writeFile(at(name, 'plugin.d', 'shell.yaml'), 'activate: true\n');
  return world.runAgent(name);
}

/** One with bounds, or for a broker, that the command line does not give. */
async function specialInvitation(
  name: string,
  order: InvitationOrder,
  broker: JoinFile['broker'] = { urls: [world.broker.url] },
): Promise<string> {
  const authority = unwrap(await openAuthority(world.ca, Date.now, { patienceMs }));
  const made = unwrap(await invite(authority, order));
  await authority.close();
  const text = writeJoinFile({
    muster: 'join.v1',
    ...made,
    role: order.role,
    names: order.names,
    collectives: ['muster'],
    broker,
    ca: authority.certificatePem,
    expires: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await writeFile(at(`${name}.join`), text, { mode: 0o600 });
  return at(`${name}.join`);
}

const home = () => at('alice');

describe('enrolment over a real broker', () => {
  it('takes a person and a node with one-time invitations, and the node answers the person', async () => {
    const forAlice = await world.invite('alice', 'person', 'alice', '--at-once');
    const alice = await muster(home(), 'keys', 'join', forAlice);
    expect(alice, alice.err).toMatchObject({ code: 0 });
    const forWeb1 = await world.invite('web1', 'node', 'web1.example.com', '--at-once');
    const joined = world.agent('join', forWeb1, '--out', at('web1'));
    expect(await joined.code, joined.out()).toBe(0);
    await runAgent('web1');
    await eventually(async () => {
      const ping = await muster(home(), 'ping', '--json');
      expect(ping.out, ping.err).toContain('web1.example.com');
    }, patienceMs);
    const again = world.agent('join', forWeb1, '--out', at('thief'));
    expect(await again.code).toBe(1);
    expect(again.out()).toContain('join.used');
  });

  it('takes a person and a node that reach the broker through a proxy alone, and what they wrote goes on through it', async () => {
    const proxy = await openConnectProxy({ login: 'muster:open sesame' });
    try {
      // Nobody but the proxy knows the name, so whatever arrives went through it.
      const far = {
        urls: [world.broker.url.replace('127.0.0.1', 'broker.example.com')],
        serverName: 'localhost',
      };
      const order = { uses: 1, hours: 1, atOnce: true, replace: false, validDays: 1 } as const;
      const forDave = await specialInvitation('dave', { ...order, role: 'person', names: 'dave' }, far);
      const forWeb9 = await specialInvitation('web9', { ...order, role: 'node', names: 'web9.example.com' }, far);
      const password = at('proxy.password');
      await writeFile(password, 'open sesame\n', { mode: 0o600 });
      const flags = ['--proxy', proxy.url.replace('//', '//muster@'), '--proxy-password-file', password];

      const refused = await muster(
        at('dave'),
        ...['keys', 'join', forDave, '--proxy', proxy.url.replace('//', '//muster:open@')],
      );
      expect(refused.err).toContain('--proxy-password-file FILE');
      expect(proxy.asked).toEqual([]);

      const dave = await muster(at('dave'), 'keys', 'join', forDave, ...flags);
      expect(dave, dave.err).toMatchObject({ code: 0 });
      const joined = world.agent('join', forWeb9, '--out', at('web9'), ...flags);
      expect(await joined.code, joined.out()).toBe(0);
      const asked = proxy.asked.length;
      await runAgent('web9');
      await eventually(async () => {
        const ping = await muster(at('dave'), 'ping', '--json');
        expect(ping.out, ping.err).toContain('web9.example.com');
      }, patienceMs);
      expect(proxy.asked.length).toBeGreaterThan(asked + 1);
      expect(new Set(proxy.asked.map(({ target }) => target.split(':')[0]))).toEqual(new Set(['broker.example.com']));
    } finally {
      await proxy.close();
    }
  });

  it('holds a node until a person has compared the key, also over a restart of the authority', async () => {
    const waiting = world.agent(
      'join',
      await world.invite('web2', 'node', 'web*.example.com'),
      '--identity',
      'web2.example.com',
      '--out',
      at('web2'),
    );
    await eventually(() => expect(waiting.out()).toContain('until a person approves'), patienceMs);
    await world.restartService();
    const listed = await muster(home(), 'join', 'list', '--json');
    const key = keyShownIn(waiting.out());
    expect(JSON.parse(listed.out)).toMatchObject([{ role: 'node', name: 'web2.example.com', key }]);
    expect((await muster(home(), 'join', 'approve', 'web2.example.com', '--yes')).err).toContain('named by its key');
    const approved = await muster(home(), 'join', 'approve', key.slice(0, 16), '--yes');
    expect(approved, approved.err).toMatchObject({ code: 0 });
    expect(await waiting.code, waiting.out()).toBe(0);
    await runAgent('web2');
  });

  it('refuses a machine that was set up anew, unless that was said', async () => {
    const anew = world.agent(
      'join',
      await world.invite('web2-b', 'node', 'web2.example.com', '--at-once'),
      '--out',
      at('web2-b'),
    );
    expect(await anew.code).toBe(1);
    expect(anew.out()).toContain('join.identity_taken');
    const said = await world.invite('web2-c', 'node', 'web2.example.com', '--at-once', '--replace-holder');
    const replaced = world.agent('join', said, '--out', at('web2-c'));
    expect(await replaced.code, replaced.out()).toBe(0);
    const list = await muster(world.folder, 'ca', 'list', world.ca, '--json');
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
    const joined = world.agent('join', file, '--out', at('short'));
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
      world.folder,
      'audit',
      'verify',
      at('short', 'state', 'audit.log'),
      '--ca',
      join(world.ca, 'ca.pem'),
    );
    expect(checked, checked.out + checked.err).toMatchObject({ code: 0 });
  });

  it('renews the certificate of a console that stays open while its run goes on', async () => {
    const short = { role: 'person', uses: 1, hours: 1, atOnce: true, replace: false } as const;
    const file = await specialInvitation('carol', { ...short, names: 'carol', validDays: 150_000 / dayMs });
    const joined = await muster(at('carol'), 'keys', 'join', file);
    expect(joined, joined.err).toMatchObject({ code: 0 });
    const [before, key] = [await readFile(at('carol', 'carol.pem'), 'utf8'), await readFile(at('carol', 'carol.key'))];
    const engine = unwrap(await openEngine({ home: at('carol') }));
    try {
      // The broker lets somebody in once it has been told of them.
      await eventually(async () => unwrap(await engine.connection.waitUntilUp(patienceMs)), patienceMs);
      unwrap(await engine.inventory.refresh());
      const endsMs = engine.certificate.notAfterMs;
      const [begun, go] = [at('carol-begun'), at('carol-go')];
      const command = `touch ${begun}; until [ -e ${go} ]; do sleep 0.2; done; echo finished`;
      const target = { kind: 'nodes' as const, identities: ['web1.example.com'] };
      const order = { agent: 'shell', action: 'run', inputs: { command }, target, timeoutMs: 600_000 };
      const run = unwrap(await engine.runs.start(order));
      await eventually(() => access(begun), patienceMs);
      await eventually(() => expect(engine.certificate.notAfterMs).toBeGreaterThan(endsMs), 300_000);
      await eventually(() => expect(engine.connection.state.status).toBe('up'), patienceMs);
      await writeFile(go, '');
      expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 1 } });
      const { data } = unwrap(await engine.runs.result(run.runId, 'web1.example.com'));
      expect(JSON.stringify(data)).toContain('finished');
    } finally {
      await engine.close();
    }
    expect(await readFile(at('carol', 'carol.pem'), 'utf8')).not.toBe(before);
    expect((await readFile(at('carol', 'carol.key'))).equals(key)).toBe(true);
    const renewed = await muster(at('carol'), 'keys', 'renew', '--json');
    expect(JSON.parse(renewed.out), renewed.err).toMatchObject({ notAfter: expect.any(String) as string });
    const verified = await muster(at('carol'), 'audit', 'verify');
    expect(verified.out, verified.err).toContain('State     intact');
  });
});
