import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seal, type Signer } from '@muster/protocol/envelope';
import { ok, unwrap } from '@muster/protocol/errors';
import { makePolicyBundle } from '@muster/protocol/policy';
import { compressor } from '@muster/runtime/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import type { Asker } from '../../../test/support/agent/asker.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';

const node = 'web1.example.com';
const yaml = 'policies: { signers: [carol, "ops-*"] }';
/** Versions in the order of their making. */
const [first, second, third] = [0, 1000, 2000].map((ms) => Date.now() - 5000 + ms) as [number, number, number];
const local = { 'rpcutil.policy': 'policy default deny\nallow\tcert=alice\tping\t*\t*\n' };

let bench: AgentBench;
let signer: Signer;
let carol: Asker;

beforeEach(async () => {
  bench = await createAgentBench();
  signer = await bench.home.signerOf('person', 'carol');
  carol = await bench.askerAs('carol', signer);
});
afterEach(() => bench.close());

const folder = () => join(bench.home.folder, 'nodes', node, 'state', 'policies');
const start = () => bench.start(node, { policies: local, yaml });

interface Made {
  readonly version?: number;
  readonly by?: Signer;
  readonly sender?: string;
}

/** A bundle that lets everybody ask for an action of rpcutil. */
async function bundle(action: string, { version = first, by = signer, sender = 'carol' }: Made = {}): Promise<string> {
  const sources = new Map([['rpcutil.policy', ok(`policy default deny\nallow\t*\t${action}\t*\t*\n`)]]);
  const made = unwrap(makePolicyBundle(sources, { sender, version }));
  return Buffer.from(unwrap(await seal(made, { signer: by, compressor }))).toString('base64');
}

const install = (text: string, asker = carol) =>
  asker.ask(node, { agent: 'policies', action: 'install', inputs: { bundle: text } });
const rollBack = (inputs = {}) => carol.ask(node, { agent: 'policies', action: 'rollback', inputs });
const status = async () => (await carol.ask(node, { agent: 'policies', action: 'status' })).data;
const mayAsk = async (action: string) => (await bench.asker.ask(node, { agent: 'rpcutil', action })).outcome === 'ok';

describe('a signed bundle of policies', () => {
  it('governs instead of the files of the node, also after a restart, until the node is rolled back', async () => {
    const agent = await start();
    expect([await mayAsk('ping'), await mayAsk('daemon_stats')]).toEqual([true, false]);
    expect(await install(await bundle('daemon_stats'))).toMatchObject({ data: { version: first, signer: 'carol' } });
    expect([await mayAsk('ping'), await mayAsk('daemon_stats')]).toEqual([false, true]);
    await agent.stop();
    await bench.startFrom(join(folder(), '..', '..', 'agent.yaml'));
    expect([await mayAsk('ping'), await mayAsk('daemon_stats')]).toEqual([false, true]);
    expect(await install(await bundle('collective_info', { version: second }))).toMatchObject({ outcome: 'ok' });
    expect(await status()).toMatchObject({ version: second, kept: [{ version: second }, { version: first }] });
    expect(await rollBack()).toMatchObject({ data: { version: first } });
    expect([await mayAsk('collective_info'), await mayAsk('daemon_stats')]).toEqual([false, true]);
    expect(await rollBack({ version: second })).toMatchObject({ data: { version: second } });
    expect(await rollBack({ version: 0 })).toMatchObject({ data: { version: 0, signer: '' } });
    expect([await mayAsk('ping'), await mayAsk('daemon_stats')]).toEqual([true, false]);
    expect(await rollBack({ version: 77 })).toMatchObject({ outcome: 'failed' });
    const audited = await readAudit(join(folder(), '..', 'audit.log'), 'request');
    expect(audited).toContainEqual(
      expect.objectContaining({ agent: 'policies', action: 'install', caller: 'cert=carol', allowed: true }),
    );
  });

  it('is refused when it is older, changed, broken, or signed by somebody else', async () => {
    await start();
    expect(await install(await bundle('ping', { version: second }))).toMatchObject({ outcome: 'ok' });
    expect(await install(await bundle('daemon_stats'))).toMatchObject({
      outcome: 'failed',
      statusMessage: expect.stringContaining('newer') as string,
    });
    const bytes = Buffer.from(await bundle('daemon_stats', { version: third }), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(await install(bytes.toString('base64'))).toMatchObject({ outcome: 'failed' });
    const mallory = await bench.home.signerOf('person', 'mallory');
    expect(
      await install(await bundle('daemon_stats', { by: mallory, sender: 'mallory', version: third })),
    ).toMatchObject({
      statusMessage: 'mallory may not sign policies of this node',
    });
    expect(await install(await bundle('daemon_stats', { by: mallory, version: third }))).toMatchObject({
      statusMessage: expect.stringContaining('in the name of') as string,
    });
    const asNode = await bench.home.signerOf('node', 'carol');
    expect(await install(await bundle('daemon_stats', { by: asNode, version: third }))).toMatchObject({
      statusMessage: 'A node signed the policies',
    });
    expect(await status()).toMatchObject({ version: second });
  });

  it('is refused from the future, for nothing could replace it', async () => {
    await start();
    expect(await install(await bundle('ping', { version: Date.now() + 60_000 }))).toMatchObject({
      statusMessage: expect.stringContaining('future') as string,
    });
  });

  it('is not taken from others than who may sign', async () => {
    await start();
    const reply = await install(await bundle('daemon_stats'), bench.asker);
    expect(reply).toMatchObject({
      outcome: 'refused',
      statusMessage: expect.stringContaining('not authorized') as string,
    });
  });

  it('stops a node from starting once it was changed on the disk', async () => {
    const agent = await start();
    await install(await bundle('ping'));
    await agent.stop();
    const [name = ''] = (await readdir(folder())).filter((one) => one.endsWith('.bundle'));
    await writeFile(
      join(folder(), name),
      Buffer.from(await bundle('daemon_stats', { by: await bench.home.signerOf('person', 'eve') }), 'base64'),
    );
    await expect(bench.startFrom(join(folder(), '..', '..', 'agent.yaml'))).rejects.toThrow(/cannot be believed/);
  });

  it('counts again as it was signed, whatever was done to the files that came of it', async () => {
    const agent = await start();
    await install(await bundle('ping'));
    await agent.stop();
    const [name = ''] = (await readdir(folder())).filter((one) => one.startsWith('files-'));
    await writeFile(join(folder(), name, 'rpcutil.policy'), 'policy default allow\n');
    await bench.startFrom(join(folder(), '..', '..', 'agent.yaml'));
    expect([await mayAsk('ping'), await mayAsk('daemon_stats')]).toEqual([true, false]);
  });
});

it('a node that names nobody who may sign has no such agent', async () => {
  await bench.start(node, { policies: local });
  expect(await carol.ask(node, { agent: 'policies', action: 'status' })).toMatchObject({ outcome: 'invalid' });
});
