import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { getPriority, userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { describeInjections } from '../../../../test/support/agent/injections.ts';
import { processAgent } from './index.ts';

const node = 'web1.example.com';
const mark = `muster-process-test-${process.pid}`;
let bench: AgentBench;
const children: ChildProcess[] = [];

const start = (program: string, args: readonly string[]): ChildProcess => {
  const child = spawn(program, args, { stdio: 'ignore' });
  children.push(child);
  return child;
};

beforeAll(async () => {
  bench = await createAgentBench();
  await bench.start(node);
});
afterAll(async () => {
  const ends = children.map((child) => once(child, 'exit'));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ends);
  await bench.close();
});

const ask = (inputs: Request['inputs'] = {}) => bench.asker.ask(node, { agent: 'process', action: 'list', inputs });
const list = async (inputs: Request['inputs'] = {}) => {
  const { outcome, data } = await ask(inputs);
  expect(outcome).toBe('ok');
  return data as { pslist: Record<string, unknown>[]; processes: number; rss: number; vsize: number }; // of the DDL
};

describe('process list', () => {
  it('tells everything of the processes whose command line fits', async () => {
    const child = start('sh', ['-c', 'while :; do sleep 1000; done', mark, 'two words']);
    await eventually(async () => expect((await list({ pattern: `${mark} two` })).processes).toBe(1));
    const { pslist, rss, vsize } = await list({ pattern: `^sh -c .*${mark} t[w]o words$` });
    expect(pslist).toEqual([
      {
        pid: child.pid,
        ppid: process.pid,
        pgrp: expect.any(Number) as number,
        session: expect.any(Number) as number,
        uid: userInfo().uid,
        gid: userInfo().gid,
        username: userInfo().username,
        state: 'S',
        comm: 'sh',
        cmdline: `sh -c while :; do sleep 1000; done ${mark} two words`,
        vsize,
        rss,
        nice: getPriority(),
        threads: 1,
        tty_nr: expect.any(Number) as number,
        tty: expect.stringMatching(/^(\?|pts\/\d+|tty\w*)$/) as string,
        cpu_time: expect.any(Number) as number,
        start_time: expect.any(Number) as number,
      },
    ]);
    expect(rss).toBeGreaterThan(100_000);
    expect(vsize).toBeGreaterThan(rss);
    expect(Math.abs(Number(pslist[0]?.['start_time']) - Date.now() / 1000)).toBeLessThan(600);
  });

  it('sums up all of them', async () => {
    const all = await list();
    expect(all.processes).toBe(all.pslist.length);
    expect(all.rss).toBe(all.pslist.reduce((sum, { rss }) => sum + Number(rss), 0));
    expect(all.pslist.map(({ pid }) => pid)).toContain(process.pid);
  });

  it('knows users', async () => {
    const { username } = userInfo();
    const own = await list({ user: username, pattern: 'vitest|node' });
    expect(own.pslist.map(({ pid }) => pid)).toContain(process.pid);
    expect(new Set(own.pslist.map((record) => record['username']))).toEqual(new Set([username]));
    expect(await list({ user: 'no-such-user' })).toEqual({ pslist: [], processes: 0, rss: 0, vsize: 0 });
  });

  it('finds zombies', async () => {
    // A shell becomes a program that does not wait for its child, so the child stays dead.
    const parent = start('sh', ['-c', ': & exec sleep 1000']);
    await eventually(async () => {
      const { pslist } = await list({ just_zombies: true });
      expect(pslist.filter(({ ppid }) => ppid === parent.pid)).toMatchObject([{ state: 'Z', cmdline: '[sh]' }]);
      expect(new Set(pslist.map(({ state }) => state))).toEqual(new Set(['Z']));
    });
  });

  it.each([
    ['(', 'missing closing )'],
    ['(?=x)', 'invalid or unsupported Perl syntax'],
  ])('refuses the pattern %j', async (pattern, reason) => {
    const reply = await ask({ pattern });
    expect(reply).toMatchObject({ outcome: 'failed', statusCode: 1 });
    expect(reply.statusMessage).toContain(`The regular expression is broken: ${reason}`);
  });

  it('is not held up by a pattern that would take other engines for ever', async () => {
    start('sh', ['-c', 'while :; do sleep 1000; done', `${mark}-${'a'.repeat(3000)}`]);
    await eventually(async () => expect((await list({ pattern: 'a{900}' })).processes).toBe(1));
    expect((await list({ pattern: '(a+)+$' })).processes).toBeGreaterThan(0);
    expect((await list({ pattern: '(a|aa)+!$' })).processes).toBe(0);
  });
});

describe('the data plugin process', () => {
  const query = async (pattern: string) =>
    bench.asker.ask(node, { action: 'get_data', inputs: { source: 'process', query: pattern } });

  it('tells whether there is one', async () => {
    expect(await query('vitest|node')).toMatchObject({ data: { exists: true } });
    expect(await query(`^${mark}-there-is-none$`)).toMatchObject({ data: { exists: false } });
    expect(await query('(')).toMatchObject({ outcome: 'failed' });
  });

  it('picks nodes', async () => {
    const request = bench.asker.request({ filter: `process('^sh .*${mark}').exists = true` });
    await bench.asker.send(request);
    await eventually(() =>
      expect(bench.asker.replies.filter(({ requestId }) => requestId === request.requestId)).toHaveLength(1),
    );
  });
});

describeInjections('process and shells', {
  ddl: processAgent.ddl,
  ask: (action, inputs) => bench.asker.ask(node, { agent: 'process', action, inputs: inputs as Request['inputs'] }), // JSON
  harmless: { pattern: 'x', user: 'x' },
  attacks: 'few',
});
