import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedAgents } from '@muster/agent/agents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../support/agent/agent-bench.ts';
import { describeInjections } from '../../support/agent/injections.ts';
import { createUncheckedAgent, type UncheckedAgent } from '../../support/agent/unchecked-agent.ts';
import { eventually } from '../../support/eventually.ts';
import { isRunning } from '../../support/is-running.ts';

const node = 'web1.example.com';
const isRoot = process.getuid?.() === 0;

const serviceAgent = shippedAgents.find(({ ddl }) => ddl.name === 'service');
if (serviceAgent === undefined) throw new Error('there is no agent service');
const { ddl } = serviceAgent;

const settings = { provider: 'sysv' };
let bench: AgentBench;
let folder: string;
let unchecked: UncheckedAgent;

const header = (name: string) => `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${name}
# Required-Start:
# Required-Stop:
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: for trials
### END INIT INFO
`;

/** A daemon that stays in the process group of its script, holds its output open, and writes to it once it is told to end. */
const daemonScript = (name: string, pidFile: string) => `${header(name)}
runs() { [ -f ${pidFile} ] && kill -0 "$(cat ${pidFile})" 2>/dev/null; }
stop() { runs && kill "$(cat ${pidFile})"; rm -f ${pidFile}; }
start() { sh -c 'trap "echo bye; exit 0" TERM; while :; do sleep 0.1; done' & echo $! >${pidFile}; }
case "$1" in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  status) runs || exit 3 ;;
  *) exit 2 ;;
esac
`;

const [daemon, failing, dying, mute] = ['daemon', 'failing', 'dying', 'mute'].map(
  (name) => `muster-trial-${name}-${process.pid}`,
) as [string, string, string, string];
const scriptOf = (name: string) => join('/etc/init.d', name);

beforeAll(async () => {
  bench = await createAgentBench();
  folder = await mkdtemp(join(tmpdir(), 'muster-services-'));
  await bench.start(node, { pluginSettings: { service: JSON.stringify(settings) } });
  unchecked = await createUncheckedAgent(serviceAgent, settings);
});
afterAll(async () => {
  await unchecked.close();
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = (action: string, service: string) =>
  bench.asker.ask(node, { agent: 'service', action, inputs: { service } });
const statusData = async (name: string) => {
  const inputs = { source: 'service', query: name };
  return (await bench.asker.ask(node, { agent: 'rpcutil', action: 'get_data', inputs })).data;
};

describe.skipIf(!isRoot)('service, on scripts in /etc/init.d (as root: it writes them)', () => {
  const pidFile = () => join(folder, 'pid');
  const daemonPid = async () => Number(await readFile(pidFile(), 'utf8'));

  beforeAll(async () => {
    const executable = { mode: 0o755 };
    await writeFile(scriptOf(daemon), daemonScript(daemon, pidFile()), executable);
    await writeFile(
      scriptOf(failing),
      `${header(failing)}[ "$1" = status ] && exit 3\necho first; echo "no such device" >&2; exit 6\n`,
      executable,
    );
    await writeFile(scriptOf(dying), `${header(dying)}[ "$1" = status ] && exit 1\nexit 0\n`, executable);
    await writeFile(
      scriptOf(mute),
      `${header(mute)}case "$1" in start|stop) ;; *) echo "Usage: $0 {start|stop}"; exit 3 ;; esac\n`,
      executable,
    );
  });
  afterAll(async () => {
    await ask('stop', daemon);
    await ask('disable', daemon);
    for (const name of [daemon, failing, dying, mute]) {
      for (const runlevel of ['0', '1', '2', '3', '4', '5', '6', 'S']) {
        for (const prefix of ['S01', 'K01']) await rm(`/etc/rc${runlevel}.d/${prefix}${name}`, { force: true });
      }
      await rm(scriptOf(name), { force: true });
    }
  });

  it('starts a service, which outlives the action, and not once more', async () => {
    expect(await ask('status', daemon)).toMatchObject({ outcome: 'ok', data: { status: 'stopped' } });
    expect(await ask('start', daemon)).toMatchObject({ outcome: 'ok', data: { status: 'running' } });
    expect(isRunning(await daemonPid())).toBe(true);
    expect(await ask('status', daemon)).toMatchObject({ outcome: 'ok', data: { status: 'running' } });
    expect(await statusData(daemon)).toEqual({ status: 'running' });
    expect(await ask('start', daemon)).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: `Could not start '${daemon}': Service is already running`,
      data: { status: 'running' },
    });
  });

  it('restarts it', async () => {
    const before = await daemonPid();
    expect(await ask('restart', daemon)).toMatchObject({ outcome: 'ok', data: { status: 'running' } });
    const after = await daemonPid();
    expect(after).not.toBe(before);
    await eventually(() => expect([before, after].map(isRunning)).toEqual([false, true]));
  });

  it('stops it, and not once more', async () => {
    const pid = await daemonPid();
    expect(await ask('stop', daemon)).toMatchObject({ outcome: 'ok', data: { status: 'stopped' } });
    await eventually(() => expect(isRunning(pid)).toBe(false));
    expect(await statusData(daemon)).toEqual({ status: 'stopped' });
    expect(await ask('stop', daemon)).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: `Could not stop '${daemon}': Service is already stopped`,
      data: { status: 'stopped' },
    });
  });

  it('has it start with the machine, and no longer', async () => {
    const link = `/etc/rc2.d/S01${daemon}`;
    for (const [action, enabled] of [
      ['disable', false],
      ['enable', true],
      ['enable', true],
      ['disable', false],
    ] as const) {
      expect(await ask(action, daemon)).toMatchObject({ outcome: 'ok', data: { enabled, status: 'stopped' } });
      expect(existsSync(link)).toBe(enabled);
    }
  });

  it('says why a service cannot be started, and what its status is then', async () => {
    expect(await ask('start', failing)).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: `Could not start '${failing}': exit code 6: no such device`,
      data: { status: 'stopped' },
    });
  });

  it('sees that a service has died at once', async () => {
    expect(await ask('start', dying)).toMatchObject({ outcome: 'ok', data: { status: 'stopped' } });
  });

  it('does not know how a service is whose script does not tell', async () => {
    expect(await ask('status', mute)).toMatchObject({ outcome: 'ok', data: { status: 'unknown' } });
    expect(await ask('start', mute)).toMatchObject({ outcome: 'ok', data: { status: 'unknown' } });
    expect(await ask('stop', mute)).toMatchObject({ outcome: 'ok', data: { status: 'unknown' } });
  });
});

describe('service', () => {
  it.each(['muster-no-such-service', '..', '.'])('knows no %j', async (service) => {
    for (const { name } of ddl.actions) {
      expect(await ask(name, service)).toMatchObject({
        outcome: 'failed',
        statusCode: 1,
        statusMessage: `There is no service '${service}'`,
        data: { status: 'unknown' },
      });
    }
    expect(await statusData(service)).toEqual({ status: 'unknown' });
  });
});

describeInjections('a node with services', {
  ddl,
  ask: (action, inputs) => ask(action, String(inputs['service'])),
  harmless: { service: 'muster-no-such-service' },
});

describeInjections('the agent service without the checks of its DDL', {
  ddl,
  ask: (action, inputs) => unchecked.perform(action, inputs),
  harmless: { service: 'muster-no-such-service' },
});
