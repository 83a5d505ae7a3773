import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { isRunning } from '../../../test/support/is-running.ts';

const node = 'web1.example.com';
const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
let bench: AgentBench;
let folder: string;
let configFile: string;

beforeAll(async () => {
  bench = await createAgentBench();
  folder = await mkdtemp(join(tmpdir(), 'muster-external-'));
  const examples = ['python', 'bash', 'ruby'].map((language) => at(`docs/examples/agents/${language}`));
  const folders = [at('test/support/agent/plugins'), ...examples];
  configFile = await bench.home.addNode(node, { yaml: `plugins: ${JSON.stringify({ folders })}\n` });
  await writeSettings({ motd: `file: ${join(folder, 'motd')}\n`, disk: 'warn_percent: 0\n', unruly: 'colour: red\n' });
  await bench.startFrom(configFile, { activation: { limitMs: 60_000, askAgainMs: 1000 } });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeSettings(settings: Readonly<Record<string, string>>): Promise<void> {
  const place = join(dirname(configFile), 'plugin.d');
  await mkdir(place, { recursive: true });
  for (const [name, text] of Object.entries(settings)) await writeFile(join(place, `${name}.yaml`), text);
}

const ask = (agent: string, action: string, inputs: Record<string, string> = {}) =>
  bench.asker.ask(node, { agent, action, inputs });

describe('an example agent', () => {
  it('in Python tells of a file system, by its settings, and fails in its own words', async () => {
    const reply = await ask('disk', 'usage', { path: '/' });
    expect(reply).toMatchObject({ outcome: 'ok', data: { path: '/', full: true } });
    expect(Number(reply.data['total'])).toBeGreaterThan(Number(reply.data['free']));
    expect(await ask('disk', 'usage', { path: '/no/such' })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: '/no/such does not exist',
    });
    expect(await ask('disk', 'usage', { path: 'relative' })).toMatchObject({ outcome: 'invalid', statusCode: 4 });
  });

  it('in Bash tells the load', async () => {
    const { outcome, data } = await ask('load', 'average');
    expect(outcome).toBe('ok');
    expect(Object.values(data).every((value) => typeof value === 'number')).toBe(true);
    expect(Object.keys(data)).toEqual(['one', 'five', 'fifteen']);
  });

  it('in Ruby changes what it is told to, once', async () => {
    expect(await ask('motd', 'show')).toMatchObject({ outcome: 'failed', statusCode: 1 });
    const text = 'This is %{identity}; $(id) `id` "quoted"';
    const written = text.replace('%{identity}', node);
    expect(await ask('motd', 'set', { text })).toMatchObject({ outcome: 'ok', data: { text: written, changed: true } });
    expect(await ask('motd', 'set', { text })).toMatchObject({ data: { changed: false } });
    expect(await ask('motd', 'show')).toMatchObject({ data: { text: written } });
  });
});

describe('an external agent', () => {
  it('is told the request in the words of the protocol, and sees nothing of the agent', async () => {
    process.env['MUSTER_TEST_SECRET'] = 'secret';
    const { data, requestId } = await ask('unruly', 'echo', { file: 'a $(id) b' });
    delete process.env['MUSTER_TEST_SECRET'];
    expect(data['request']).toMatchObject({
      $schema: 'https://choria.io/schemas/mcorpc/external/v1/rpc_request.json',
      protocol: 'io.choria.mcorpc.external.v1.rpc_request',
      agent: 'unruly',
      action: 'echo',
      requestid: requestId,
      senderid: 'alice',
      callerid: 'cert=alice',
      collective: 'muster',
      ttl: 60,
      data: { file: 'a $(id) b' },
    });
    const environment = data['environment'] as Record<string, string>; // as the agent wrote it
    expect(Object.keys(environment).sort()).toEqual(
      expect.arrayContaining([
        'CHORIA_EXTERNAL_CONFIG',
        'CHORIA_EXTERNAL_FACTS',
        'CHORIA_EXTERNAL_PROTOCOL',
        'CHORIA_EXTERNAL_REPLY',
        'CHORIA_EXTERNAL_REQUEST',
        'PATH',
      ]),
    );
    expect(environment).not.toHaveProperty('MUSTER_TEST_SECRET');
  });

  it.each([
    ['fail', 1, 'The agent unruly ended with exit code 3: the disk is on fire'],
    ['die', 1, 'The agent unruly was killed by SIGSEGV'],
    ['broken', 5, /^The agent unruly wrote a reply that is not JSON: /],
    ['silent', 5, 'The agent unruly wrote no reply'],
    ['remove', 5, 'The agent unruly removed its reply file'],
    ['replace_by_pipe', 5, 'The agent unruly put something else in place of its reply file'],
    ['replace_by_link', 5, /^The agent unruly left no reply that can be read: ELOOP/],
    ['huge', 5, 'The agent unruly wrote a reply of 4000003 bytes; the limit is 2097152'],
    ['large_data', 5, /^The result has 15000\d\d bytes; the limit is 1048576$/],
    ['list_reply', 5, /^The agent unruly wrote a reply of another form than the protocol's: /],
    ['odd_status', 5, /^The agent unruly wrote a reply of another form than the protocol's at statuscode: /],
    ['odd_data', 5, /^The agent unruly wrote a reply of another form than the protocol's at data: /],
  ])('that misbehaves by %s gets a precise answer', async (action, statusCode, message) => {
    const reply = await ask('unruly', action);
    expect(reply).toMatchObject({ outcome: 'failed', statusCode });
    expect(reply.statusMessage).toMatch(typeof message === 'string' ? new RegExp(`^${message}$`) : message);
  });

  it('may refuse in its own words, with a status of its own', async () => {
    expect(await ask('unruly', 'refuse')).toMatchObject({
      outcome: 'failed',
      statusCode: 4,
      statusMessage: 'not like this',
      data: { why: 1 },
    });
  });

  it('that floods its output answers all the same', async () => {
    expect(await ask('unruly', 'flood')).toMatchObject({ outcome: 'ok', data: { flooded: true } });
  });

  it.each(['hang', 'fork'])('that leaves processes behind (%s) does not: even daemons are gone', async (action) => {
    const file = join(folder, action);
    const reply = await ask('unruly', action, { file });
    expect(reply.outcome).toBe(action === 'hang' ? 'timed_out' : 'ok');
    const pids = (await readFile(file, 'utf8')).trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
  });

  it('leaves memory, processes and files as they were', async () => {
    const actions = ['fail', 'die', 'broken', 'silent', 'remove', 'replace_by_pipe', 'huge', 'flood', 'fork'];
    const round = () =>
      Promise.all(
        actions.map((action) => ask('unruly', action, action === 'fork' ? { file: join(folder, 'more') } : {})),
      );
    const children = async () =>
      (await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
    const openFiles = async () => (await readdir('/proc/self/fd')).length;
    await round();
    const before = { children: (await children()).length, files: await openFiles(), rss: process.memoryUsage.rss() };
    for (let rounds = 0; rounds < 5; rounds++) await round();
    await eventually(async () => {
      expect((await children()).length).toBeLessThanOrEqual(before.children);
      expect(await openFiles()).toBeLessThanOrEqual(before.files + 2);
    });
    // 45 calls, of which 5 wrote 4 MB and 5 printed 40 MB, none of which may stay.
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(150 * 1024 * 1024);
    expect(await readdir(join(dirname(configFile), 'state', 'external'))).toEqual([]);
  });
});
