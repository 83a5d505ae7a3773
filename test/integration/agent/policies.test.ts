import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { verifyAudit } from '@muster/runtime/audit';
import { connectBus, type Bus } from '@muster/runtime/bus';
import { createSigner, createVerifier, randomBytes, readCertificates } from '@muster/runtime/crypto';
import { startAgentProcess, type AgentProcess } from '../../support/agent/agent-process.ts';
import { createAsker, type Asker } from '../../support/agent/asker.ts';
import { readAudit } from '../../support/agent/read-audit.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const node = 'web1.example.com';

let broker: TestBroker;
let home: TestHome;
let folder: string;
let agent: AgentProcess;
const buses: Bus[] = [];

async function askerFor(name: string): Promise<Asker> {
  const settings = await broker.personSettings(name);
  const bus = connectBus(settings, { clock: Date.now, randomBytes, backoff: { minMs: 100, maxMs: 500 } });
  buses.push(bus);
  await eventually(() => expect(bus.state.status).toBe('up'), 20_000);
  const signer = unwrap(await createSigner({ certificatePem: settings.certificate, keyPem: settings.key }));
  return createAsker({ name, bus, signer, verifier: createVerifier({ caPem: settings.ca }), clock: Date.now });
}

const fact = (asker: Asker, name: string) => asker.ask(node, { action: 'get_fact', inputs: { fact: name } });

async function replace(name: string, text: string): Promise<void> {
  await writeFile(join(folder, 'policies', '.new'), text);
  await rename(join(folder, 'policies', '.new'), join(folder, 'policies', name));
}

async function lastAudited(): Promise<unknown> {
  return (await readAudit(join(folder, 'state', 'audit.log'), 'request')).at(-1);
}

beforeAll(async () => {
  broker = await startTestBroker({ nodes: [node] });
  home = await createTestHome(broker.authority);
  const configFile = await home.addNode(node, {
    broker: broker.url,
    policies: {
      groups: 'watchers cert=demo\n',
      'rpcutil.policy':
        "policy default deny\nallow\twatchers\tget_fact\track=7 and fact('rack').exists=true\tapache\twhere fact = /^os\\./\n",
    },
  });
  folder = dirname(configFile);
  agent = await startAgentProcess(configFile);
});

afterAll(async () => {
  await agent.kill();
  await Promise.all(buses.map((bus) => bus.close()));
  await broker.stop();
  await home.remove();
});

it('a real node behind a real broker obeys its policies, and changes of them without a restart', async () => {
  const demo = await askerFor('demo');
  const other = await askerFor('other');
  const denied = {
    outcome: 'refused',
    statusCode: 1,
    statusMessage: 'You are not authorized to call this agent or action.',
    data: {},
  };

  expect(await fact(demo, 'os.family')).toMatchObject({ outcome: 'ok', data: { value: 'Debian' } });
  expect(await lastAudited()).toMatchObject({
    caller: 'cert=demo',
    allowed: true,
    rule: { file: 'rpcutil.policy', line: 2 },
    inputs: { fact: 'os.family' },
  });
  expect(await fact(demo, 'rack')).toMatchObject(denied);
  expect(await fact(other, 'os.family')).toMatchObject(denied);
  expect(await lastAudited()).toMatchObject({
    caller: 'cert=other',
    allowed: false,
    rule: { file: 'rpcutil.policy', line: 1 },
    reason: 'no rule fits, and the default is deny',
  });
  expect(await demo.ask(node, { agent: 'service', action: 'status', inputs: { service: 'x' } })).toMatchObject({
    outcome: expect.stringMatching(/^(refused|invalid)$/) as string,
  });

  await replace('groups', 'watchers cert=other\n');
  expect(await fact(other, 'os.family')).toMatchObject({ outcome: 'ok' });
  expect(await fact(demo, 'os.family')).toMatchObject(denied);

  await replace('rpcutil.policy', 'policy default allow\nallow everybody\n');
  expect(await fact(other, 'os.family')).toMatchObject(denied);
  await eventually(() => expect(agent.log()).toContain('"event":"policy.broken"'));
  expect(await lastAudited()).toMatchObject({ rule: { file: 'rpcutil.policy', line: 2 } });

  await replace('rpcutil.policy', 'policy default allow\n');
  expect(await fact(demo, 'rack')).toMatchObject({ outcome: 'ok', data: { value: 7 } });
});

it('its audit proves intact while the agent writes it', async () => {
  const certificates = unwrap(readCertificates(home.authority.certificatePem));
  const verified = await verifyAudit([join(folder, 'state', 'audit.log')], { kind: 'authorities', certificates });
  expect(unwrap(verified)).toMatchObject({ isIntact: true, writer: { role: 'node', name: node } });
  expect(unwrap(verified).notes.map(({ kind }) => kind)).toContain('open_end');
});
