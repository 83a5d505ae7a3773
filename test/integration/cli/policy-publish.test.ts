import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addConsole } from '../../support/agent/add-console.ts';
import { startAgentProcess, type AgentProcess } from '../../support/agent/agent-process.ts';
import { readAudit } from '../../support/agent/read-audit.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { muster, type Ended } from './muster-process.ts';

/* Two nodes let demo sign policies, the third somebody else. What governs shows in which fact demo may not ask for. */

const [web1, web2, db1] = ['web1.example.com', 'web2.example.com', 'db1.example.com'] as const;
const webs = [web1, web2];

let broker: TestBroker;
let home: TestHome;
let bundles: string;
const configs = new Map<string, string>();
const agents = new Map<string, AgentProcess>();

/** Policies by which demo may ask for everything but one fact. */
const hiding = (fact: string): Readonly<Record<string, string>> => ({
  'rpcutil.policy': `policy default deny\ndeny\tcert=demo\tget_fact\t*\t*\twhere fact = ${fact}\nallow\tcert=demo\t*\t*\t*\n`,
});

async function folderOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(bundles, name);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
}

async function startNode(identity: string): Promise<void> {
  agents.set(identity, await startAgentProcess(configs.get(identity) ?? ''));
}

beforeAll(async () => {
  broker = await startTestBroker({ nodes: [web1, web2, db1] });
  home = await createTestHome(broker.authority);
  bundles = await mkdtemp(join(tmpdir(), 'muster-bundles-'));
  await addConsole(home, await broker.personSettings('demo'));
  for (const identity of [web1, web2, db1]) {
    const yaml = `policies: { signers: [${identity === db1 ? 'carol' : 'demo'}] }`;
    configs.set(identity, await home.addNode(identity, { broker: broker.url, policies: hiding('rack'), yaml }));
  }
  await Promise.all([...configs.keys()].map(startNode));
});
afterAll(async () => {
  await Promise.all([...agents.values()].map((agent) => agent.kill()));
  await broker.stop();
  await home.remove();
  await rm(bundles, { recursive: true });
});

const run = (...args: readonly string[]): Promise<Ended> => muster(home.folder, ...args);

interface Answer {
  readonly sender: string;
  readonly statuscode: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const repliesIn = ({ out }: Ended): readonly Answer[] =>
  (JSON.parse(out) as { readonly replies: readonly Answer[] }).replies; // as the reference has it

/** By node: the facts of the two that demo may not ask for. */
async function hidden(): Promise<Record<string, string>> {
  const refused: Record<string, string> = {};
  for (const fact of ['rack', 'os.name']) {
    for (const { sender, statuscode } of repliesIn(await run('rpc', 'rpcutil', 'get_fact', `fact=${fact}`, '--json')))
      refused[sender] = `${refused[sender] ?? ''}${statuscode === 1 ? ` ${fact}` : ''}`;
  }
  return refused;
}

/** What a web server says of its policies: by node, the version that governs and how many are kept. */
async function status(): Promise<Record<string, { version: unknown; signer: unknown; kept: unknown }>> {
  const ended = await run('rpc', 'policies', 'status', '-I', web1, '-I', web2, '--json');
  return Object.fromEntries(
    repliesIn(ended).map(({ sender, data }) => [
      sender,
      { version: data['version'], signer: data['signer'], kept: (data['kept'] as unknown[]).length }, // an array by its DDL
    ]),
  );
}

const own = ' rack';
const published = ' os.name';

describe('muster policy publish', () => {
  it('asks nobody before it is said which nodes are meant', async () => {
    const ended = await run('policy', 'publish', await folderOf('first', hiding('os.name')));
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain('no flag says which');
  });

  it('sends nothing that a node could not understand, and names the line', async () => {
    const folder = await folderOf('broken', { 'rpcutil.policy': 'policy default allow\nallow everybody\n' });
    const ended = await run('policy', 'publish', folder, '--yes', '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.out)).toMatchObject({
      error: { code: 'policy.syntax', message: expect.stringContaining('rpcutil.policy:2') as string },
    });
    expect(await hidden()).toEqual({ [web1]: own, [web2]: own, [db1]: own });
  });

  it('says what would never decide, and publishes all the same', async () => {
    const folder = await folderOf('odd', { ...hiding('rack'), 'service.policy': 'allow\topps\tstatus\t*\t*\n' });
    const ended = await run('policy', 'publish', folder, '-I', web1);
    expect(ended.code).toBe(0);
    expect(ended.err).toContain('service.policy:1:1: there is no group opps, so it means nobody [unknown-group]');
  });

  it('has nodes obey it that let the person sign, and no others', async () => {
    const ended = await run('policy', 'publish', await folderOf('first', hiding('os.name')), '--yes', '--json');
    expect(ended).toMatchObject({ code: 2, err: '' });
    const codes = Object.fromEntries(repliesIn(ended).map(({ sender, statuscode }) => [sender, statuscode]));
    expect(codes).toEqual({ [web1]: 0, [web2]: 0, [db1]: 1 });
    expect(await hidden()).toEqual({ [web1]: published, [web2]: published, [db1]: own });
    const versions = Object.values(await status()).map(({ version, signer }) => ({ version, signer }));
    expect(versions).toEqual([
      { version: expect.any(Number) as number, signer: 'demo' },
      { version: versions[0]?.version, signer: 'demo' },
    ]);
  });

  it('governs a node after it was started again', async () => {
    await agents.get(web1)?.kill();
    await startNode(web1);
    expect(await hidden()).toMatchObject({ [web1]: published });
  });

  it('tries a canary first', async () => {
    const folder = await folderOf('second', hiding('rack'));
    const ended = await run('policy', 'publish', folder, '-I', web1, '-I', web2, '--canary', '1');
    expect(ended.code).toBe(0);
    expect(await hidden()).toEqual({ [web1]: own, [web2]: own, [db1]: own });
  });

  it('can be gone back from, to the bundle before and to the files of the node', async () => {
    const [before] = Object.values(await status());
    const chosen = ['-I', web1, '-I', web2, '--json'];
    expect((await run('rpc', 'policies', 'rollback', ...chosen)).code).toBe(0);
    expect(await hidden()).toMatchObject({ [web1]: published, [web2]: published });
    const again = await run('rpc', 'policies', 'rollback', `version=${String(before?.version)}`, ...chosen);
    expect(repliesIn(again).map(({ data }) => data['version'])).toEqual(webs.map(() => before?.version));
    expect(await hidden()).toMatchObject({ [web1]: own, [web2]: own });
    expect((await run('rpc', 'policies', 'rollback', 'version=0', ...chosen)).code).toBe(0);
    expect(Object.values(await status())).toMatchObject(webs.map(() => ({ version: 0, signer: '' })));
  });

  it('is in the audits of the nodes and of the console', async () => {
    for (const [node, allowed] of [
      [web1, true],
      [db1, false],
    ] as const) {
      const audit = join(configs.get(node) ?? '', '..', 'state', 'audit.log');
      expect(await readAudit(audit, 'request')).toContainEqual(
        expect.objectContaining({ agent: 'policies', action: 'install', caller: 'cert=demo', allowed }),
      );
    }
    const asked = await readAudit(join(home.folder, 'audit', 'audit-1.log'), 'request');
    expect(asked.filter(({ agent, action }) => agent === 'policies' && action === 'install')).toHaveLength(3);
  });
});
