import { describe, expect, it } from 'vitest';
import { fail } from '@muster/protocol/errors';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

async function muster(line: string, options: MemoryOptions = {}) {
  const world = memoryWorld({ engine: smallFleet(), ...options });
  const code = await runMuster(line.split(' '), world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

const mixed = () =>
  smallFleet({
    nodes: [
      node('b', {}, () => ({ data: { pong: 7, zone: '\u001b[2Jx', exitcode: 3 } })),
      node('a', {}, () => ({ data: { pong: 12, zone: 'y', exitcode: 0 } })),
      node('c', {}, () => ({ statusCode: 1, statusMessage: 'no\nway', state: 'refused' })),
    ],
  });
const end = 'Finished processing 3 / 3 hosts in 45.00 ms\n';

describe('forms of output', () => {
  it('a table has a column for each output and one for messages', async () => {
    expect((await muster('rpc rpcutil ping --table --sort', { engine: mixed() })).out).toBe(
      [
        'Node  Timestamp  zone        exitcode  Message',
        '----  ---------  ----------  --------  -------',
        'a            12  y                  0',
        'b             7  \\u001b[2Jx         3',
        'c                                      no\\nway',
        '',
        end,
      ].join('\n'),
    );
    expect((await muster('rpc rpcutil ping --table')).out).toContain('Node   Timestamp\n');
    expect((await muster('rpc rpcutil ping --table -F os=Solaris')).out).toBe(
      'No request sent, we did not discover any nodes.\n',
    );
  });

  it('a table cuts what is long', async () => {
    const engine = smallFleet({ nodes: [node('a', {}, () => ({ data: { pong: 'x'.repeat(200) } }))] });
    expect((await muster('rpc rpcutil ping --table', { engine })).out).toContain(`a     ${'x'.repeat(79)}…\n`);
  });

  it('names of senders are alone', async () => {
    const engine = mixed();
    expect((await muster('rpc rpcutil ping --senders', { engine })).out).toBe('b\na\nc\n');
    expect((await muster('rpc rpcutil ping --senders --sort --display ok', { engine })).out).toBe('a\nb\n');
    expect(await muster('rpc rpcutil ping --senders -F os=Solaris')).toEqual({
      code: 1,
      out: '',
      err: 'No request sent, we did not discover any nodes.\n',
    });
  });

  it('display always is display all', async () => {
    const line = 'rpc service restart service=x -I web1 --display';
    expect((await muster(`${line} always`)).out).toBe((await muster(`${line} all`)).out);
  });

  it.each(['--json --table', '--table --senders', '--jsonl --json'])('%s contradict each other', async (flags) => {
    const { code, out, err } = await muster(`rpc rpcutil ping ${flags}`);
    expect(code).toBe(1);
    expect(out + err).toContain('cannot be used with option');
  });
});

describe('muster rpc --jsonl', () => {
  const events = (out: string) =>
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>); // what is in it is what the tests look at

  it('writes a line for each event', async () => {
    const { code, out } = await muster('rpc rpcutil get_fact fact=os --jsonl', { stdout: { isPipe: true } });
    expect(code).toBe(0);
    const [discovery, ...rest] = events(out);
    expect(discovery).toEqual({
      kind: 'discovery',
      agent: 'rpcutil',
      action: 'get_fact',
      method: 'broadcast',
      discover_time: 2,
      nodes: ['web2', 'web1', 'db1'],
    });
    expect(rest.map(({ kind }) => kind)).toEqual(['result', 'result', 'result', 'summaries', 'stats']);
    expect(rest[0]).toMatchObject({ sender: 'web2', statuscode: 0, data: { fact: 'os', value: 'Debian' } });
    expect(rest[3]).toMatchObject({ summaries: [{ output: 'value', lines: ['Debian = 2', 'RedHat = 1'] }] });
    expect(rest[4]).toMatchObject({ request_stats: { discovered: 3, responses: 3, no_responses: [] } });
  });

  it('sorts on request, and lets nothing speak to the terminal', async () => {
    const { out } = await muster('rpc rpcutil ping --jsonl --sort', { engine: mixed() });
    expect(out).not.toMatch(/[[\p{Cc}\p{Cf}]--[\n]]/v);
    expect(events(out).flatMap(({ sender }) => sender ?? [])).toEqual(['a', 'b', 'c']);
  });

  it('tells errors as events', async () => {
    const engine = smallFleet({ up: fail('broker.unreachable', 'No broker answers') });
    expect(events((await muster('rpc rpcutil ping --jsonl', { engine })).out)).toEqual([
      { kind: 'error', error: { code: 'broker.unreachable', message: 'No broker answers' } },
    ]);
    expect(events((await muster('rpc rpcutil ping --jsonl --nosuch')).out)).toMatchObject([{ kind: 'error' }]);
  });
});

describe('muster rpc --filter-replies', () => {
  const shown = async (expression: string) => {
    const world = memoryWorld({ engine: mixed() });
    await runMuster(['rpc', 'rpcutil', 'ping', '--senders', '--filter-replies', expression], world.surroundings);
    return world.stdout.text() + world.stderr.text();
  };

  it.each([
    ['ok', 'b\na\n'],
    ['failed', 'c\n'],
    ['refused', 'c\n'],
    ['not ok', 'c\n'],
    ['data.exitcode>0', 'b\n'],
    ['data.exitcode>=0 and data.zone=y', 'a\n'],
    ['status=1 or sender=a', 'a\nc\n'],
    ['statuscode=0 and @identity=[ab]', 'b\na\n'],
    ['message=/way/', 'c\n'],
    ['ok=true and not data.zone=/^y/', 'b\n'],
    ['elapsed<1', 'b\na\nc\n'],
    ['arrival=late', ''],
  ])('%s', async (expression, out) => expect(await shown(expression)).toBe(out));

  it.each([
    ['data.exitcode>', 'Expected a value'],
    ["fstat('/x').size>1", 'cannot be told apart by the data plugin fstat'],
    ['@agent=rpcutil', 'cannot be told apart by @agent'],
    ['okay', 'cannot be told apart by "okay" alone'],
    ['exitcode=1', 'cannot be told apart by "exitcode"\n  exitcode=1\n  ^^^^^^^^^^\nThey have data.OUTPUT'],
  ])('refuses %s', async (expression, message) => expect(await shown(expression)).toContain(message));

  it('points at what is wrong', async () => {
    expect(await shown('ok and')).toContain('  ok and\n        ^');
  });

  it('narrows answers and summaries down, not the figures or the exit code', async () => {
    const { out, code } = await muster('rpc rpcutil get_fact fact=os --filter-replies data.value=RedHat');
    expect(out).toBe(
      'db1\n    Fact: os\n   Value: RedHat\n\nSummary of Value:\n\n   RedHat = 1\n\nFinished processing 3 / 3 hosts in 45.00 ms\n',
    );
    expect(code).toBe(0);
    const json = await muster('rpc rpcutil ping --json --filter-replies ok', { engine: mixed() });
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({
      replies: [{ sender: 'b' }, { sender: 'a' }],
      request_stats: { responses: 3, failed: 1 },
    });
  });
});

describe('muster rpc --no-results', () => {
  it('says which request was sent, and waits for nobody', async () => {
    const engine = smallFleet();
    const { code, out } = await muster('rpc rpcutil ping --no-results', { engine });
    expect({ code, out }).toEqual({ code: 0, out: `Request sent with id: ${'1'.padStart(32, '0')}\n` });
    expect(engine.orders[0]).toMatchObject({ noResults: true });
    expect((await muster('rpc rpcutil ping --nr --json')).out).toContain('"no_results":true');
  });

  it('says so when nobody was there', async () => {
    expect(await muster('rpc rpcutil ping --nr -F os=Solaris')).toMatchObject({
      code: 1,
      out: 'No request sent, we did not discover any nodes.\n',
    });
    const { code, out } = await muster('rpc rpcutil ping --nr -I nobody');
    expect(code).toBe(1);
    expect(out).toContain('The broker knows no queue of 1 of the 1 nodes.\n');
  });
});
