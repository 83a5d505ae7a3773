import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { sysctlFile } from './sysctl.ts';

const node = 'web1.example.com';
let bench: AgentBench;
beforeAll(async () => {
  bench = await createAgentBench();
  await bench.start(node);
});
afterAll(() => bench.close());

const query = (key: string) => bench.asker.ask(node, { action: 'get_data', inputs: { source: 'sysctl', query: key } });
const kernel = async (file: string) => (await readFile(`/proc/sys/${file}`, 'utf8')).trim();

describe('the data plugin sysctl', () => {
  it.each(['kernel.ostype', 'kernel/ostype', 'vm.swappiness'])('tells the value of %s', async (key) => {
    expect(await query(key)).toMatchObject({ outcome: 'ok', data: { value: await kernel(key.replace('.', '/')) } });
  });

  it('has blanks between several values', async () => {
    const value = (await kernel('net/ipv4/ip_local_port_range')).replaceAll('\t', ' ');
    expect(value).toMatch(/^\d+ \d+$/);
    expect(await query('net.ipv4.ip_local_port_range')).toMatchObject({ data: { value } });
  });

  it.each([
    'no.such.key',
    'kernel',
    '../../etc/hostname',
    'kernel/../../../etc/hostname',
    '/etc/hostname',
    '..',
    'a..b',
  ])('knows nothing of %s', async (key) => {
    const { statusMessage, data } = await query(key);
    expect([statusMessage, data]).toEqual([`Data plugin 'sysctl' knows nothing of '${key}'`, {}]);
  });

  it.each([
    ['net.ipv4.conf.eth0/100.forwarding', '/proc/sys/net/ipv4/conf/eth0.100/forwarding'],
    ['net/ipv4/conf/eth0.100/forwarding', '/proc/sys/net/ipv4/conf/eth0.100/forwarding'],
    ['kernel.//.x', undefined],
    ['kernel/../x', undefined],
    ['', undefined],
  ])('finds %j as sysctl(8) does', (key, file) => {
    expect(sysctlFile(key)).toBe(file);
  });
});
