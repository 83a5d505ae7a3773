import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { muster, start } from '../integration/cli/muster-process.ts';
import { eventually } from '../support/eventually.ts';
import { startTestFleet } from '../support/test-fleet.ts';
import { startPuppetServer, type PrivatePuppetServer } from './private-puppetserver.ts';
import { makePuppetNode } from './puppet-node.ts';

// Three Muster agents, each with a real Puppet agent of its own, on a real Puppet Server.

let server: PrivatePuppetServer;
let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let names: readonly string[];
let spans: string;
/** What has been started, to be stopped in reverse. */
const started: { stop(): Promise<void> }[] = [];

/** Every run says when it begins and when it ends; the last node has a resource that cannot be applied. */
const manifest = (log: string, broken: string) => `
node default {
  $who = $trusted['certname']
  exec { 'span':
    command => "/bin/sh -c 'echo begin \${who} >> ${log}; sleep 3; echo end \${who} >> ${log}'",
  }
  if $who == '${broken}' {
    exec { 'broken': command => '/bin/false' }
  }
}
`;

beforeAll(async () => {
  server = await startPuppetServer();
  started.push(server);
  fleet = await startTestFleet({ nodes: 3 });
  started.push(fleet);
  names = Object.keys(fleet.ready.pids.agents).sort();
  spans = join(server.folder, 'spans.log');
  await server.setManifest(manifest(spans, names[2] ?? ''));
  for (const name of names) {
    const places = await makePuppetNode(join(server.folder, 'nodes', name), name, server.port);
    const pluginFolder = join(fleet.ready.home, 'nodes', name, 'plugin.d');
    await mkdir(pluginFolder, { recursive: true });
    await writeFile(join(pluginFolder, 'puppet.yaml'), stringify(places));
  }
  await eventually(async () => {
    expect((await muster(fleet.ready.home, 'puppet', 'count', '--json')).out).toContain('"total":3');
  }, 120_000);
}, 900_000);
afterAll(async () => {
  for (const each of started.reverse()) await each.stop();
}, 120_000);

const logOf = async () => (await readFile(spans, 'utf8')).trim().split('\n');
const home = () => fleet.ready.home;

describe('runall on real Puppet agents', () => {
  it('runs one at a time, and tells how each run went', async () => {
    const { code, out, err } = await muster(home(), 'puppet', 'runall', '1', '--yes', '--json');
    expect([code, err]).toEqual([2, '']);
    const told = JSON.parse(out) as {
      readonly runall: object;
      readonly nodes: readonly { readonly sender: string; readonly state: string; readonly run: object }[];
    };
    expect(told.runall).toMatchObject({ state: 'finished', results: { changed: 2, failed: 1 } });
    const byName = told.nodes.toSorted((a, b) => (a.sender < b.sender ? -1 : 1));
    expect(byName).toMatchObject([
      { sender: names[0], state: 'done', run: { result: 'changed', failed_resources: 0, changed_resources: 1 } },
      { sender: names[1], state: 'done', run: { result: 'changed', failed_resources: 0 } },
      { sender: names[2], state: 'done', run: { result: 'failed', failed_resources: 1 } },
    ]);
    // Each run had begun and ended before the next began.
    const lines = await logOf();
    expect(lines).toHaveLength(6);
    for (let at = 0; at < lines.length; at += 2) {
      expect(lines[at]).toMatch(/^begin /);
      expect(lines[at + 1]).toBe(lines[at]?.replace('begin', 'end'));
    }
    for (const name of names) expect(await server.reportsOf(name)).toBe(1);
  }, 600_000);

  it('is picked up after Ctrl-C, runs nobody twice, and leaves out who is disabled', async () => {
    const [first = '', second = '', third = ''] = names;
    expect((await muster(home(), 'puppet', 'disable', '-I', third, 'its exec is broken')).code).toBe(0);
    const running = start(home(), ['puppet', 'runall', '1', '--yes']);
    await eventually(async () => expect(await logOf()).toHaveLength(7), 300_000);
    running.signal('SIGINT');
    expect(await running.ended).toMatchObject({
      code: 130,
      out: expect.stringContaining(`${third} is left out: Puppet is disabled: 'its exec is broken'`) as string,
    });
    const resumed = await muster(home(), 'puppet', 'runall', '--resume');
    expect(resumed).toMatchObject({ code: 0, err: '' });
    expect(resumed.out).toContain('2 of 3 nodes are left');
    const begun = (await logOf()).filter((line) => line.startsWith('begin')).map((line) => line.slice(6));
    expect(begun.sort()).toEqual([first, first, second, second, third].sort());
    expect((await muster(home(), 'puppet', 'enable', '-I', third)).code).toBe(0);
  }, 600_000);

  it('says that a run without a catalog failed', async () => {
    const [first = ''] = names;
    await server.setManifest('node default { this is no manifest');
    const { code, out } = await muster(home(), 'puppet', 'runall', '2', '-I', first);
    expect(code).toBe(2);
    expect(out).toMatch(new RegExp(`${first} is done in \\d+ s: FAILED`));
  }, 300_000);

  it('sums up what happened', async () => {
    const { out } = await muster(home(), 'puppet', 'summary');
    expect(out).toContain('Summary statistics for 3 nodes:');
    expect(out).toContain(`${names[2] ?? ''}: 1\n`);
  });
});
