import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster } from './muster-process.ts';

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let name: string;

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 2 });
  ({ home } = fleet.ready);
  name = Object.keys(fleet.ready.pids.agents).sort()[0] ?? '';
});
afterAll(() => fleet.stop());

describe('commands for agents, on real agents', () => {
  it('muster filemgr touches, tells about and removes a file', async () => {
    const file = join(home, 'touched');
    expect((await muster(home, 'filemgr', '--file', file, '-I', name)).code).toBe(0);
    expect((await stat(file)).size).toBe(0);
    const status = await muster(home, 'filemgr', 'status', '--file', file, '-I', name);
    expect(status.out).toContain(`   ${name}: present\n`);
    const details = await muster(home, 'filemgr', 'status', '--details', '--file', file, '-I', name, '--json');
    expect(JSON.parse(details.out)).toMatchObject({ replies: [{ data: { present: 1, size: 0, type: 'file' } }] });
    expect((await muster(home, 'filemgr', 'remove', '--file', file, '-I', name)).code).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('muster process finds a process, with its memory', async () => {
    const [command = ''] = (await readFile(`/proc/${process.pid}/cmdline`, 'utf8')).split('\0');
    const args = ['process', 'list', command.replaceAll(/[^\w/]/g, '.'), '-I', name, '--fields', 'pid,rss,command'];
    const { code, out } = await muster(home, ...args);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^ +${process.pid} +[\\d.]+ MiB +`, 'm'));
    expect(out).toMatch(/ Matched hosts: 1\n +Matched processes: [1-9]/);
  });

  it('muster nettest reaches the broker, and asks before every node does', async () => {
    const port = new URL(fleet.ready.amqp).port;
    const { code, out } = await muster(home, 'nettest', 'connect', '127.0.0.1', port, '-y', '--sort');
    expect(code).toBe(0);
    expect(out.match(/: Connected, time = \d+\.\d{3} s$/gm)).toHaveLength(2);
    expect(await muster(home, 'nettest', 'ping', '127.0.0.1')).toMatchObject({ code: 1 });
  });

  it('muster service tells how a service is', async () => {
    const { code, out } = await muster(home, 'service', 'no-such-service', 'status', '-I', name);
    expect(code === 0 || code === 2).toBe(true);
    expect(out).toMatch(new RegExp(`^ +${name}: \\S+`, 'm'));
  });
});
