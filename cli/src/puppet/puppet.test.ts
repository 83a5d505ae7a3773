import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { FakePuppetNode } from '../../../test/support/client/puppet-nodes.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { usualTiming } from '../../../client/src/puppet/timing.ts';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions, type MemoryWorld } from '../testing/memory-surroundings.ts';

// The real engine on a broker in memory: only the nodes are not real.

const runallTiming = { ...usualTiming, pollMs: 20, statusWindowMs: 300, startWindowMs: 500, beginWithinMs: 200 };

let bench: EngineBench;
let puppets: Map<string, FakePuppetNode>;

beforeEach(async () => {
  bench = await createEngineBench();
  puppets = new Map();
});
afterEach(() => bench.close());

async function add(...names: string[]): Promise<void> {
  for (const name of names) {
    const puppet = new FakePuppetNode(Date.now);
    puppets.set(name, puppet);
    await bench.fleet.add(name, puppet.options);
  }
}
function puppet(name: string): FakePuppetNode {
  const found = puppets.get(name);
  if (found === undefined) throw new Error(`There is no node ${name}`);
  return found;
}

function begin(args: readonly string[], options: MemoryOptions = {}): { world: MemoryWorld; code: Promise<number> } {
  const opened = bench.open({ runallTiming });
  const world = memoryWorld(options);
  const surroundings = { ...world.surroundings, openEngine: async () => ({ ok: true as const, value: await opened }) };
  return { world, code: runMuster(['puppet', ...args], surroundings) };
}
async function muster(...args: string[]) {
  const { world, code } = begin(args);
  return { code: await code, out: world.stdout.text(), err: world.stderr.text() };
}
const anId = /[0-9a-f]{32}/;

describe('one action', () => {
  it('disables with a reason of many words, tells the status, and enables again', async () => {
    await add('web01', 'db1');
    expect(await muster('disable', '-I', 'web01', 'until', 'the release')).toMatchObject({ code: 0 });
    expect(puppet('web01').disabled).toBe('until the release');
    const { out } = await muster('status', '--sort');
    expect(out).toContain('     db1: Currently stopped\n   web01: Currently disabled\n');
    expect(await muster('enable', '--yes')).toMatchObject({ code: 0 });
    expect(puppet('web01').disabled).toBeNull();
  });

  it('is refused on every node where nobody can be asked', async () => {
    await add('web01');
    expect(await muster('enable')).toMatchObject({ code: 1, err: expect.stringContaining('--yes') as string });
    expect(await muster('runall', '2')).toMatchObject({ code: 1, err: expect.stringContaining('runall') as string });
    expect(puppet('web01').orders).toEqual([]);
  });

  it('hands each option on as an input, and those that were not given not at all', async () => {
    await add('web01', 'web02', 'web03');
    await muster('runonce', '-I', 'web01');
    await muster('runonce', '-I', 'web02', '--force', '--tags', 'a', '--tag', 'b', '--skip-tags', 'c', '--noop');
    const rest = '--no-noop --no-splay --use_cached_catalog --ignoreschedules --environment dev --server p:8140'.split(
      ' ',
    );
    await muster('runonce', '-I', 'web03', ...rest);
    expect(puppet('web01').orders).toEqual([{}]);
    expect(puppet('web02').orders).toEqual([{ force: true, tags: 'a,b', skip_tags: 'c', noop: true }]);
    expect(puppet('web03').orders).toEqual([
      {
        noop: false,
        splay: false,
        use_cached_catalog: true,
        ignoreschedules: true,
        environment: 'dev',
        server: 'p:8140',
      },
    ]);
  });

  it('makes properties of a resource one input', async () => {
    await add('web01');
    expect(await muster('resource', 'host', 'db', 'ip=10.0.0.1', 'ensure=present', '-I', 'web01')).toMatchObject({
      code: 0,
    });
    expect(puppet('web01').resources).toEqual([
      { type: 'host', name: 'db', properties: { ip: '10.0.0.1', ensure: 'present' } },
    ]);
  });

  it.each([
    [['resource'], 'The resource command needs a type to operate on'],
    [['resource', 'host'], 'The resource command needs a name to operate on'],
    [['runonce', '--force', '--splay'], 'Cannot set splay when forcing runs'],
    [['runonce', '--force', '--splaylimit', '9'], 'Cannot set splaylimit when forcing runs'],
    [['runall'], 'The runall command needs a concurrency limit'],
    [['runall', '0'], 'The concurrency for the runall command has to be greater than 0'],
    [['runall', '5', '--splaylimit', '9'], 'Cannot set splaylimit when forcing runs'],
    [['runall', '5', '--resume'], 'The concurrency of a runall that exists cannot be changed'],
    [['runall', '--resume'], 'No runall has been interrupted'],
    [['runall', '--cancel', 'f'.repeat(32)], `There is no runall ${'f'.repeat(32)}`],
  ])('%j is an error', async (args, message) => {
    expect(await muster(...args)).toMatchObject({ code: 1, err: expect.stringContaining(message) as string });
  });
});

describe('figures', () => {
  it('counts what Puppet does where, and why it is disabled', async () => {
    await add('web01', 'web02', 'web03');
    puppet('web01').disabled = 'broken';
    puppet('web02').run();
    puppet('web02').takesMs = 60_000;
    const { code, out } = await muster('count');
    expect(code).toBe(0);
    for (const line of [
      'Total Puppet nodes: 3',
      'Nodes currently enabled: 2',
      'Nodes currently disabled: 1',
      'Nodes currently doing puppet runs: 1',
      'Nodes currently stopped: 2',
    ])
      expect(out).toContain(`${line}\n`);
    expect(out).toContain('Disabled because:\n\n      1  broken\n');
    const json = JSON.parse((await muster('count', '--json')).out) as Record<string, unknown>;
    expect(json).toMatchObject({ total: 3, applying: 1, disabled_because: [{ message: 'broken', nodes: 1 }] });
  });

  it('counts nobody without a fault', async () => {
    expect(await muster('count')).toMatchObject({ code: 1, out: 'No request sent, we did not discover any nodes.\n' });
  });

  it('sums up the last runs and names where they failed', async () => {
    await add('web01', 'web02');
    puppet('web02').failed = 4;
    const { out } = await muster('summary');
    expect(out).toContain('Summary statistics for 2 nodes:');
    expect(out).toMatch(/Failed resources: ▇▁{18}▇ {2}min: 0\.0 {4}avg: 2\.0 {4}max: 4\.0\n/);
    expect(out).toContain('Nodes with failed resources:\n\n   web02: 4\n');
  });
});

describe('runall', () => {
  it('logs what happens with the time, and ends with 2 when a run failed', async () => {
    await add('web01', 'web02', 'web03');
    puppet('web02').failed = 1;
    puppet('web03').disabled = 'on purpose';
    const { code, out, err } = await muster('runall', '1', '--yes', '--tags', 'x');
    expect([code, err]).toEqual([2, '']);
    const lines = out.split('\n').map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: /, ''));
    expect(lines[0]).toMatch(/^Runall [0-9a-f]{32}: 3 nodes, 1 at a time$/);
    expect(lines).toContain("web03 is left out: Puppet is disabled: 'on purpose'");
    expect(lines).toContain('web01 has been asked to run Puppet');
    expect(lines.some((line) => /^web01 is done in \d+ s: ok, nothing to change of 9 resources$/.test(line))).toBe(
      true,
    );
    expect(lines.some((line) => /^web02 is done in \d+ s: FAILED 1 of 9 resources$/.test(line))).toBe(true);
    expect(lines.at(-2)).toBe('Iteration 1 is complete: Puppet ran on 2 of 3 nodes, 1 failed, 0 changed, 1 left out');
    expect(puppet('web01').orders).toEqual([{ tags: 'x', force: true }]);
  });

  it('shows its slots on a terminal', async () => {
    await add('web01');
    const { world, code } = begin(['runall', '3', '-I', 'web01'], { stdout: { isTerminal: true } });
    expect(await code).toBe(0);
    expect(world.stdout.text()).toMatch(/Slot {2}Node {3}State/);
    expect(world.stdout.text()).toMatch(/running: 0 waiting, 1 in slots, 2 free, 0 done, 0 failed, 0 left out\n/);
  });

  it('is left by Ctrl-C so that it can be picked up, listed and cancelled', async () => {
    await add('web01', 'web02');
    const letRunsTake = (takesMs: number) => {
      for (const each of puppets.values()) each.takesMs = takesMs;
    };
    letRunsTake(600_000);
    const first = begin(['runall', '1', '--yes']);
    await eventually(() => expect(first.world.stdout.text()).toContain('has been asked'));
    first.world.interrupt();
    expect(await first.code).toBe(130);
    const id = anId.exec(first.world.stderr.text())?.[0] ?? '';
    expect(first.world.stderr.text()).toContain(`muster puppet runall --resume ${id}`);
    expect((await muster('runall', '--list')).out).toMatch(new RegExp(`${id} .* running, interrupted +1 +0 / 2`));
    letRunsTake(4000);
    const second = await muster('runall', '--resume');
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(second.out).toContain(`Runall ${id} goes on: 2 of 2 nodes are left, 1 at a time`);
    expect([...puppets.values()].map(({ orders }) => orders.length)).toEqual([1, 1]);
    expect(await muster('runall', '--cancel', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('has ended: finished') as string,
    });
  });

  it('tells scripts everything at its end', async () => {
    await add('web01');
    const { code, out } = await muster('runall', '2', '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      runall: { state: 'finished', concurrency: 2, nodes: 1, results: { ok: 1 } },
      nodes: [{ sender: 'web01', state: 'done', run: { result: 'ok', total_resources: 9 } }],
    });
  });
});
