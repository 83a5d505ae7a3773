import { ok } from '@muster/protocol/errors';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

const id = '1'.padStart(32, '0');

function world(options: MemoryOptions = {}) {
  const made = memoryWorld({ engine: smallFleet(), ...options });
  const muster = async (line: string) => {
    const before = [made.stdout.text().length, made.stderr.text().length] as const;
    const code = await runMuster(line.split(' '), made.surroundings);
    return { code, out: made.stdout.text().slice(before[0]), err: made.stderr.text().slice(before[1]) };
  };
  return { ...made, muster };
}

describe('the pace of a run', () => {
  it('is what the flags say', async () => {
    const engine = smallFleet();
    const line =
      'rpc rpcutil ping --canary 1 --canary-hold --concurrency 50% --max-errors 0 --one-at-a-time --delivery-timeout 2.5 --until 2d';
    expect((await world({ engine }).muster(line)).code).toBe(0);
    expect(engine.orders[0]).toMatchObject({
      deliveryMs: 2500,
      untilMs: expect.closeTo(1_700_000_000_000 + 2 * 86_400_000, -3) as unknown,
      rollout: {
        canary: { size: { unit: 'nodes', amount: 1 }, hold: true },
        concurrency: { unit: 'percent', amount: 50 },
        maxErrors: { unit: 'nodes', amount: 0 },
        lock: true,
      },
    });
  });

  it.each([
    ['--canary-hold', '--canary-hold needs --canary'],
    ['--batch-sleep 2', '--batch-sleep needs --batch'],
    ['--batch 2 --concurrency 2', 'either in batches'],
    ['--until 2d --ttl 60', '--until says how long'],
    ['--no-results --max-errors 1', 'With --no-results'],
    ['--no-results --detach', 'nothing to detach from'],
    ['--detach --table', '--table is about answers'],
    ['--until nonsense', '--until nonsense is no time'],
    ['--max-errors 101%', 'from 0% to 100%'],
  ])('refuses %s, and opens no engine', async (flags, message) => {
    const { muster, homes } = world();
    const { code, err } = await muster(`rpc rpcutil ping ${flags}`);
    expect({ code, homes }).toEqual({ code: 1, homes: [] });
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(2);
  });
});

describe('--until', () => {
  const told = async (line: string) => {
    const engine = smallFleet();
    const { code, err } = await world({ engine }).muster(`${line} --until 2d --np`);
    expect(code).toBe(0);
    return { err, discovery: engine.orders[0]?.discovery?.method };
  };

  it('finds nodes in the inventory, and says so', async () => {
    expect(await told('rpc rpcutil ping')).toEqual({
      err: 'Found 3 nodes in the inventory, those that are away included.\n',
      discovery: 'inventory',
    });
  });

  it('finds them as a flag says, and says what that means', async () => {
    expect(await told('rpc rpcutil ping --dm broadcast')).toEqual({
      err: 'Nodes that are away are not among those found, for they answer no broadcast.\n',
      discovery: 'broadcast',
    });
    expect(await told('rpc rpcutil ping --dm puppetdb')).toEqual({ err: '', discovery: 'puppetdb' });
  });

  it('looks for nobody who is named', async () => {
    expect(await told('rpc rpcutil ping -I web1')).toEqual({ err: '', discovery: undefined });
  });
});

describe('--detach', () => {
  it('prints the id and leaves the run to the background', async () => {
    const { muster, background } = world({ engine: smallFleet({ neverEnds: true }) });
    expect(await muster('rpc rpcutil ping --detach')).toEqual({ code: 0, out: `${id}\n`, err: '' });
    expect(background).toEqual([{ runId: id, home: '/home/x', dataFolder: '/home/x/data' }]);
  });

  it('speaks JSON, and starts nothing for a run that is over', async () => {
    const { muster, background } = world();
    const { out } = await muster('rpc rpcutil ping --detach --json');
    expect(JSON.parse(out)).toMatchObject({ run: { run_id: id, state: 'finished' } });
    expect(background).toEqual([]);
  });

  it('says how to go on where nothing can run in the background', async () => {
    const { muster } = world({ engine: smallFleet({ neverEnds: true }), background: 'impossible' });
    const { code, err } = await muster('rpc rpcutil ping --detach');
    expect(code).toBe(1);
    expect(err).toContain(`Go on with it: muster runs attach ${id}`);
  });
});

describe('muster runs attach and watch', () => {
  it.each(['attach', 'watch'])('%s prints a run that is over as rpc did', async (command) => {
    const { muster } = world();
    const { out } = await muster('rpc rpcutil ping --np');
    const again = await muster(`runs ${command} last`);
    expect(again.code).toBe(0);
    expect(again.out).toBe(out);
  });

  it('finds runs by the first digits of their id', async () => {
    const { muster } = world();
    await muster('rpc rpcutil ping');
    expect((await muster('runs watch 0000')).code).toBe(0);
    await muster('rpc rpcutil ping');
    const { code, err } = await muster('runs watch 0000');
    expect(code).toBe(1);
    expect(err).toContain('2 runs begin with 0000');
    expect((await muster('runs watch 000')).err).toContain('There is no run 000');
  });

  it('goes on until somebody ends the run, and exits with 5', async () => {
    const { muster } = world({ engine: smallFleet({ asks: 1, conducts: false }) });
    await muster('rpc rpcutil ping --detach --batch 1');
    const watching = muster('runs attach last --display none');
    expect((await muster('runs stop last')).code).toBe(0);
    const { code, out, err } = await watching;
    expect(code).toBe(5);
    expect(out).toContain('\nNot asked:\n\n   db1   web1\n');
    expect(err).toContain('muster: The run was stopped');
  });
});

describe('an interruption', () => {
  async function interrupted(line: string, options: MemoryOptions) {
    const { muster, interrupt, stdout } = world(options);
    const running = muster(line);
    while (!stdout.text().includes('web2')) await new Promise(setImmediate);
    interrupt();
    return { ...(await running), muster };
  }

  it('pauses a roll-out', async () => {
    const { code, err } = await interrupted('rpc rpcutil ping --batch 1', { engine: smallFleet({ asks: 1 }) });
    expect(code).toBe(130);
    expect(err).toContain('Interrupted: the run is paused, and 2 of 3 nodes have not been asked');
    expect(err).toContain(`muster runs resume ${id}`);
  });

  it('pauses nothing when all were asked before that took hold', async () => {
    const engine = smallFleet({ asks: 1 });
    const resumed: string[] = [];
    const { code, err } = await interrupted('rpc rpcutil ping --batch 1', {
      engine: {
        ...engine,
        runs: {
          ...engine.runs,
          async pause(runId) {
            const run = await engine.runs.get(runId);
            return run.ok ? ok({ ...run.value, states: { ok: 1, sent: 2 } }) : run;
          },
          resume(runId) {
            resumed.push(runId);
            return engine.runs.get(runId);
          },
        },
      },
    });
    expect(code).toBe(130);
    expect(err).toContain('Interrupted: the request is sent, and 1 of 3 nodes have answered');
    expect(resumed).toEqual([id]);
  });

  it('leaves a run to whoever conducts it', async () => {
    const engine = smallFleet({ asks: 1 });
    const first = world({ engine });
    await first.muster('rpc rpcutil ping --batch 1 --detach');
    const { code, err } = await interrupted('runs watch last', {
      engine: { ...engine, runs: { ...engine.runs, conducts: () => false } },
    });
    expect(code).toBe(130);
    expect(err).toContain('It goes on, for another console conducts it.');
  });
});

describe('muster runs pause, resume, stop and cancel', () => {
  it('tell how the run stands, and leave one that nobody conducted to the background', async () => {
    const { muster, background } = world({ engine: smallFleet({ asks: 1 }) });
    await muster('rpc rpcutil ping --batch 1 --detach');
    expect((await muster('runs pause last')).out).toBe(
      `Run ${id}: paused; 2 of 3 nodes not asked yet.\nSee muster runs watch ${id}\n`,
    );
    expect((await muster('runs list')).out).toMatch(/ paused +1 \/ 3 /);
    const resumed = JSON.parse((await muster('runs resume last --json')).out) as unknown;
    expect(resumed).toMatchObject({ run: { state: 'finished', responses: 3 } });
    const { code, err } = await muster('runs cancel last');
    expect({ code, err }).toEqual({ code: 1, err: `muster: Run ${id} has ended\n` });
    expect(background).toHaveLength(1);
  });

  it('tell that another console was asked, and whether it has obeyed', async () => {
    const engine = smallFleet({ asks: 1, stands: { hold: 'canary' } });
    const others = { ...engine, runs: { ...engine.runs, conducts: () => false } };
    const { muster } = world({ engine: others });
    await muster('rpc rpcutil ping --canary 1 --canary-hold --detach');
    expect((await muster('runs pause last')).out).toBe(
      'Asked the console that conducts the run to pause it.\n' +
        `Run ${id}: paused, the canaries are well, waits for \`muster runs resume\`; 2 of 3 nodes not asked yet.\n` +
        `See muster runs watch ${id}\n`,
    );
    const deaf = { ...others, runs: { ...others.runs, resume: (runId: string) => others.runs.get(runId) } };
    const impatient = world({ engine: deaf, timeFlies: true });
    const { code, out } = await impatient.muster('runs resume last');
    expect(code).toBe(0);
    expect(out).toContain('Asked the console that conducts the run to go on with it; it has not done so yet.\n');
    expect(impatient.background).toEqual([]);
  });

  it('tells the nodes that are away with their deadline', async () => {
    const engine = smallFleet({ neverEnds: true, nodes: [node('a', {}), node('b', {}, () => 'silent')] });
    const { muster } = world({ engine });
    await muster('rpc rpcutil ping -I a -I b --until 2d --detach');
    const { out } = await muster('runs show last');
    expect(out).toMatch(/Time limits: 15 s for delivery, 4 s for the action, 5 s in all/);
    expect(out).toMatch(/Away, and waited for until 2023-11-16T[\d:.]+Z:\n\n {3}b\n/);
    expect((await muster('runs cancel last')).out).toContain('cancelled');
  });
});
