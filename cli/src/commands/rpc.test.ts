import { describe, expect, it } from 'vitest';
import { fail } from '@muster/protocol/errors';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

async function muster(line: string, options: MemoryOptions = {}) {
  const engine = options.engine ?? smallFleet();
  const world = memoryWorld({ ...options, engine });
  const code = await runMuster(line.split(' '), world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

describe('muster rpc', () => {
  it('prints each answer as a block, then the end of the run', async () => {
    const { code, out } = await muster('rpc rpcutil ping --np');
    expect(code).toBe(0);
    expect(out).toBe(
      'web2\n   Timestamp: 1700000000\n\nweb1\n   Timestamp: 1700000000\n\ndb1\n   Timestamp: 1700000000\n\n' +
        'Finished processing 3 / 3 hosts in 45.00 ms\n',
    );
  });

  it('prints failures alone by default, data of none of them, and aggregates', async () => {
    const nodes = [
      node('a', {}, () => ({
        statusCode: 1,
        statusMessage: 'You are not authorized',
        state: 'refused',
        data: { x: 1 },
      })),
      node('b', {}, () => ({ statusCode: 4, statusMessage: 'Bad\nvalue' })),
      node('c', {}),
    ];
    const { code, out } = await muster('rpc service restart service=nginx -y', { engine: smallFleet({ nodes }) });
    expect(code).toBe(2);
    expect(out).toBe(
      `${'a'.padEnd(40)} Request Aborted\n   You are not authorized\n\n${'b'.padEnd(40)} Invalid Request Data\n   Bad\n   value\n\n` +
        'Finished processing 3 / 3 hosts in 45.00 ms\n',
    );
  });

  it('lines outputs up, shows nested ones as JSON, and lets nothing move the cursor', async () => {
    const data = { pong: '\u001b[2J\u0007x\u202e', nested: { a: [1] }, lines: 'one\ntwo\n' };
    const engine = smallFleet({ nodes: [node('a', {}, () => ({ data }))] });
    const { out } = await muster('rpc rpcutil ping', { engine });
    expect(out).toBe(
      'a\n   Timestamp: \\u001b[2J\\u0007x\\u202e\n      nested: {\n                "a": [\n                  1\n                ]\n              }\n' +
        '       lines: one\n              two\n\nFinished processing 1 / 1 hosts in 45.00 ms\n',
    );
  });

  it('summarises, sorts, and prints no blocks on request', async () => {
    const { out } = await muster('rpc rpcutil get_fact fact=os --display none');
    expect(out).toBe(
      'Summary of Value:\n\n   Debian = 2\n   RedHat = 1\n\nFinished processing 3 / 3 hosts in 45.00 ms\n',
    );
    const sorted = await muster('rpc rpcutil ping --sort');
    expect(sorted.out.match(/^\w+$/gm)).toEqual(['db1', 'web1', 'web2']);
  });

  it('names who was silent and who was not asked', async () => {
    const nodes = [node('a', {}, () => 'silent'), node('b', {})];
    const { code, out } = await muster('rpc rpcutil ping --display none', {
      engine: smallFleet({ nodes, strangers: ['z'] }),
    });
    expect(code).toBe(0);
    expect(out).toBe(
      'Finished processing 2 / 2 hosts in 45.00 ms\n\nNo response from:\n\n   a\n\nUnexpected response from:\n\n   z\n',
    );
  });

  it('prints everything and the figures when verbose', async () => {
    const { out } = await muster('rpc rpcutil ping -v -I web1');
    expect(out).toContain('---- rpcutil#ping call stats ----\n           Nodes: 1 / 1\n     Pass / Fail: 1 / 0\n');
    expect(out).toContain('  Discovery Time: 0.00 ms\n      Agent Time: 45.00 ms\n      Total Time: 45.00 ms\n');
  });

  it('writes JSON that has everything, a line for each answer', async () => {
    const { code, out } = await muster('rpc rpcutil get_fact fact=os --json -F os=RedHat');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      agent: 'rpcutil',
      action: 'get_fact',
      replies: [
        {
          sender: 'db1',
          statuscode: 0,
          statusmsg: 'OK',
          data: { fact: 'os', value: 'RedHat' },
          outcome: 'ok',
          arrival: 'on_time',
          elapsed: 0.0125,
          timings: { received: 1_700_000_000.002, started: 1_700_000_000.003, finished: 1_700_000_000.004 },
        },
      ],
      request_stats: {
        requestid: '00000000000000000000000000000001',
        no_responses: [],
        waiting: [],
        not_asked: [],
        late_responses: [],
        unexpected_responses: [],
        discovered: 1,
        failed: 0,
        ok: 1,
        responses: 1,
        publish_time: 0.004,
        request_time: 0.045,
        discover_time: 2,
        start_time_utc: 1_700_000_000,
        interrupted: false,
      },
      summaries: [
        {
          function: 'summary',
          output: 'value',
          title: 'Value',
          answers: 1,
          kind: 'counts',
          counts: [{ value: 'RedHat', count: 1 }],
          lines: ['RedHat = 1'],
        },
      ],
    });
    expect(out.split('\n')).toHaveLength(7);
  });

  it('announces JSON at once on a pipe', async () => {
    const { out } = await muster('rpc rpcutil ping --json', { stdout: { isPipe: true } });
    expect(out.startsWith('\n{"agent"')).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ agent: 'rpcutil' });
  });

  it('escapes in JSON what a terminal would obey', async () => {
    const engine = smallFleet({ nodes: [node('a', {}, () => ({ data: { x: '\u001b\u009b\u202e\u{e0001}' } }))] });
    const { out } = await muster('rpc rpcutil ping --json', { engine });
    expect(out).not.toMatch(/[[\p{Cc}\p{Cf}]--[\n]]/v);
    expect(JSON.parse(out)).toMatchObject({ replies: [{ data: { x: '\u001b\u009b\u202e\u{e0001}' } }] });
  });
});

describe('the exit code of muster rpc', () => {
  const silent = () => smallFleet({ nodes: [node('a', {}, () => 'silent')] });
  it.each([
    ['rpc rpcutil ping -I nobody', smallFleet(), 4],
    ['rpc rpcutil ping', silent(), 3],
    ['rpc rpcutil ping', smallFleet({ nodes: [node('a', {}, () => ({ statusCode: 5 })), node('b', {})] }), 2],
    ['rpc rpcutil ping -F os=Solaris', smallFleet(), 1],
    ['rpc rpcutil ping', smallFleet(), 0],
  ])('%s', async (line, engine, expected) => {
    expect((await muster(line, { engine })).code).toBe(expected);
    const json = await muster(`${line} --json`, { engine });
    expect(json.code).toBe(expected);
    expect(JSON.parse(json.out)).toHaveProperty('request_stats');
  });

  it('says that nobody was found', async () => {
    const { out } = await muster('rpc rpcutil ping -F os=Solaris');
    expect(out).toBe('No request sent, we did not discover any nodes.\n');
  });

  it('is 130 after an interruption, which says what it means', async () => {
    const world = memoryWorld({ engine: smallFleet({ neverEnds: true }) });
    const running = runMuster(['rpc', 'rpcutil', 'ping'], world.surroundings);
    while (!world.stdout.text().includes('db1')) await new Promise(setImmediate);
    world.interrupt();
    expect(await running).toBe(130);
    expect(world.stderr.text()).toContain('muster: Interrupted: the request is sent, and 3 of 3 nodes have answered');
    expect(world.stderr.text()).toContain(`See them: muster runs attach ${'1'.padStart(32, '0')}.`);
  });
});

describe('which nodes muster rpc asks', () => {
  const asked = async (line: string, options: MemoryOptions = {}, typeAbove = 10) => {
    const small = smallFleet();
    const { configuration } = small;
    const engine = { ...small, configuration: { ...configuration, guard: { ...configuration.guard, typeAbove } } };
    const result = await muster(line, { ...options, engine });
    const [order] = engine.orders;
    expect(engine.state.closed).toBe(result.code < 128 && engine.state.closed);
    return { ...result, order, nodes: order?.discovered?.identities };
  };

  it('keeps the filter as text', async () => {
    const { order, nodes } = await asked('rpc rpcutil ping -F os=Debian -C /x/ --wi web1');
    expect(nodes).toBeUndefined();
    expect(order).toBeUndefined();
    expect((await asked('rpc rpcutil ping -F os=Debian --wi /web/')).order?.target).toEqual({
      kind: 'filter',
      filter: 'os=Debian and @identity=~/web/',
    });
  });

  it('limits by number and by share, and tells the run', async () => {
    expect(await asked('rpc rpcutil ping --limit 2')).toMatchObject({
      nodes: ['web2', 'web1'],
      order: { limit: { size: { unit: 'nodes', amount: 2 }, method: 'first' } },
    });
    expect((await asked('rpc rpcutil ping --ln 1')).nodes).toEqual(['web2']);
    expect((await asked('rpc rpcutil ping --limit 67%')).nodes).toEqual(['web2', 'web1']);
    expect((await asked('rpc rpcutil ping --limit 1%')).nodes).toEqual(['web2']);
    expect((await asked('rpc rpcutil ping -1')).nodes).toEqual(['web2']);
  });

  it('draws the same nodes for the same seed, also of a list', async () => {
    const files = { n: Array.from({ length: 50 }, (_unused, index) => `n${index}`).join('\n') };
    const drawn = async (flags: string) =>
      (await asked(`rpc rpcutil ping --nodes n --limit 5 ${flags}`, { files })).order;
    const [first, again, other] = [
      await drawn('--limit-seed 7'),
      await drawn('--limit-seed 7'),
      await drawn('--limit-seed 8'),
    ];
    expect(first?.limit).toEqual({ size: { unit: 'nodes', amount: 5 }, method: 'random', seed: 7 });
    expect(first?.target).toEqual(again?.target);
    expect(first?.target).not.toEqual(other?.target);
    expect((await drawn('--limit-method random'))?.limit).toHaveProperty('seed');
  });

  it('asks in batches', async () => {
    expect((await asked('rpc rpcutil ping --batch 50%')).order?.batch).toEqual({
      size: { unit: 'percent', amount: 50 },
      sleepMs: 1000,
    });
    expect((await asked('rpc rpcutil ping --batch 2 --batch-sleep 0.5')).order?.batch).toEqual({
      size: { unit: 'nodes', amount: 2 },
      sleepMs: 500,
    });
  });

  it('finds nodes in the way that the flags say, and tells the run', async () => {
    expect((await asked('rpc rpcutil ping --dm puppetdb -F os=Debian')).order?.discovery).toEqual({
      method: 'puppetdb',
      options: {},
    });
    const program = 'rpc rpcutil ping --dm external --do command=/bin/x --do argument=-a --do argument=b=c';
    expect((await asked(program)).order?.discovery).toEqual({
      method: 'external',
      options: { command: '/bin/x', argument: ['-a', 'b=c'] },
    });
    expect((await asked('rpc rpcutil ping --do window=full')).order?.discovery).toEqual({
      method: 'broadcast',
      options: { window: 'full' },
    });
    expect((await asked('rpc rpcutil ping')).order?.discovery).toBeUndefined();
  });

  it('takes a list from a file or from STDIN', async () => {
    const files = { 'n.txt': '# mine\n\nweb1\r\n db1 \nweb1\n' };
    expect((await asked('rpc rpcutil ping --nodes n.txt', { files })).order?.target).toEqual({
      kind: 'nodes',
      identities: ['web1', 'db1'],
    });
    const stdin = { kind: 'pipe', text: '{"replies":[{"sender":"db1"}]}' } as const;
    expect((await asked('rpc rpcutil ping', { stdin })).nodes).toEqual(['db1']);
    expect((await asked('rpc rpcutil ping --nodes n.txt -I /^web/', { files })).nodes).toEqual(['web1']);
    expect((await asked('rpc rpcutil ping --dm list --do file=n.txt', { files })).nodes).toEqual(['web1', 'db1']);
    expect((await asked('rpc rpcutil ping --nodes -', { stdin: { kind: 'other', text: 'web2' } })).nodes).toEqual([
      'web2',
    ]);
  });

  it.each([
    ['a filter', 'rpc rpcutil ping -I web1', { kind: 'pipe', text: 'db1' }, ['web1']],
    ['another kind of input', 'rpc rpcutil ping', { kind: 'other', text: 'db1' }, ['web2', 'web1', 'db1']],
    ['silence', 'rpc rpcutil ping', { kind: 'pipe', text: null }, ['web2', 'web1', 'db1']],
    ['emptiness', 'rpc rpcutil ping', { kind: 'pipe', text: '' }, ['web2', 'web1', 'db1']],
  ] as const)('does not take STDIN for a list beside %s', async (_what, line, stdin, expected) => {
    expect((await asked(line, { stdin })).nodes).toEqual(expected);
  });

  it.each([
    [200, 3],
    [5000, 20],
  ])('wait longer for a pipe where commands start slowly: %d ms', async (runningMs, seconds) => {
    const { err } = await asked('rpc rpcutil ping', { stdin: { kind: 'pipe', text: null }, runningMs });
    expect(err).toContain(`nothing came from it in ${seconds} seconds: it is not taken for a list`);
  });

  it.each([null, '', ' \n'])('changes nothing when STDIN should have been a list but is %j', async (text) => {
    const { code, err, order } = await asked('rpc service restart service=x -y', { stdin: { kind: 'pipe', text } });
    expect(code).toBe(1);
    expect(err).toContain('which ones are meant is not clear');
    expect(order).toBeUndefined();
  });

  it('asks before a change to every node, and refuses where it cannot ask', async () => {
    const line = 'rpc service restart service=x';
    expect((await asked(line)).err).toContain('--yes');
    const terminal = { stdin: { kind: 'terminal' }, stderr: { isTerminal: true } } as const;
    expect((await asked(line, { ...terminal, confirm: false })).order).toBeUndefined();
    expect((await asked(line, { ...terminal, confirm: true })).nodes).toHaveLength(3);
    expect((await asked(`${line} -y`)).nodes).toHaveLength(3);
    expect((await asked(`${line} -I web1`)).nodes).toEqual(['web1']);
  });

  it('has the number of nodes typed before it may destroy something on many', async () => {
    const line = 'rpc service destroy -I /./';
    const ask = (options: MemoryOptions, typeAbove = 2, command = line) => asked(command, options, typeAbove);
    expect((await ask({})).err).toContain('may destroy something on 3 nodes');
    const terminal = { stdin: { kind: 'terminal' }, stderr: { isTerminal: true } } as const;
    for (const answer of ['y', '2', '33']) expect((await ask({ ...terminal, answer })).order).toBeUndefined();
    expect((await ask({ ...terminal, answer: ' 3' })).nodes).toHaveLength(3);
    expect((await ask({}, 3)).nodes).toHaveLength(3);
    expect((await ask({}, 2, `${line} --yes`)).nodes).toHaveLength(3);
  });

  it('passes collective and times on', async () => {
    const { order } = await asked('rpc rpcutil ping -T eu -t 1.5 --ttl 30');
    expect(order).toMatchObject({ collective: 'eu', timeoutMs: 1500, ttlMs: 30_000 });
  });
});

describe('what muster rpc refuses', () => {
  it.each([
    ['rpc nosuch ping', 'No node has an agent nosuch'],
    ['rpc rpcutil nosuch', 'Agent rpcutil has no action "nosuch"\nIt has: ping'],
    ['rpc rpcutil get_fact', 'Action get_fact needs a fact argument'],
    ['rpc rpcutil get_fact fact', 'Could not parse "fact"\nInputs are written as key=value.'],
    ['rpc rpcutil get_fact =x', 'Could not parse "=x"'],
    ['rpc rpcutil get_fact fact=a fact=b', 'given twice'],
    ['rpc rpcutil get_fact fact=a=b', 'Cannot validate input fact: must match'],
    ['rpc rpcutil get_fact __proto__=1', 'no such input\nIt takes: fact.'],
    ['rpc service restart service=x wait=soon', 'wait: "soon" does not look like a number'],
    ['rpc service restart service=x force=maybe', 'does not look like a boolean'],
    ['rpc rpcutil ping -T asia', 'Unknown collective asia\nThe configuration has: muster, eu.'],
    ['rpc rpcutil ping --nodes n --one', 'n cannot be read'],
    ['rpc rpcutil ping --nodes n -C x', "Cannot use class filters while using the 'list' discovery method"],
    ['rpc rpcutil ping --nodes n --dm list', 'Cannot mix --disc-method, --disc-option and --nodes'],
    ['rpc rpcutil ping --nodes n --do file=x', 'Cannot mix --disc-method, --disc-option and --nodes'],
    ['rpc rpcutil ping --dm carrier', 'Unknown discovery method carrier'],
    ['rpc rpcutil ping --do full', 'Options are written as key=value.'],
    ['rpc rpcutil ping --limit-seed 1', 'need --limit or --one'],
    ['rpc rpcutil ping --one --limit-seed 1 --limit-method first', '--limit-seed draws by lot'],
    ['rpc rpcutil ping --batch-sleep 1', '--batch-sleep needs --batch'],
    ['rpc rpcutil ping --batch 0', 'a number of nodes above 0'],
    ['rpc rpcutil ping -F os', 'In -F'],
    ['rpc rpcutil ping --limit 0', 'a number of nodes above 0'],
    ['rpc rpcutil ping --limit 101%', 'from 1% to 100%'],
    ['rpc rpcutil ping --limit 2 --one', 'cannot be used with'],
    ['rpc rpcutil ping -t soon', 'a number of seconds above 0'],
    ['rpc rpcutil ping --display some', 'Allowed choices are'],
    ['rpc rpcutil', "missing required argument 'action'"],
  ])('%s', async (line, message) => {
    const { code, err, out } = await muster(line);
    expect(err).toContain(message);
    expect(code).toBe(1);
    expect(out).toBe('');
    const json = await muster(`${line} --json`);
    expect(json.code).toBe(1);
    expect(json.err).toBe('');
    expect(JSON.parse(json.out)).toMatchObject({ error: { message: expect.any(String) as string } });
  });

  it('says why the broker does not answer', async () => {
    const engine = smallFleet({
      up: fail('broker.unreachable', 'No broker answers at amqps://127.0.0.1:1', { mend: 'Start it.' }),
    });
    const { code, err } = await muster('rpc rpcutil ping', { engine });
    expect(code).toBe(1);
    expect(err).toBe('muster: No broker answers at amqps://127.0.0.1:1\nStart it.\n');
    expect(engine.state.closed).toBe(true);
  });
});
