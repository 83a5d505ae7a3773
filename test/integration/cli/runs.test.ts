import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster, start } from './muster-process.ts';

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let names: readonly string[];

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 3 });
  ({ home } = fleet.ready);
  names = Object.keys(fleet.ready.pids.agents).sort();
});
afterAll(() => fleet.stop());

interface Document {
  readonly run: { readonly run_id: string; readonly state: string; readonly states: Record<string, number> };
  readonly replies: readonly { readonly sender: string; readonly statuscode: number; readonly outcome: string }[];
  readonly request_stats: { readonly waiting: string[]; readonly not_asked: string[] };
}
// The shape is what these tests are about: a wrong one fails where its fields are looked at.
const read = (text: string) => JSON.parse(text) as Document;
const senders = ({ replies }: Document) => replies.map(({ sender }) => sender).sort();
const run = (...args: string[]) => muster(home, 'runs', ...args);
const onAll = () => names.flatMap((name) => ['-I', name]);

/** Freezes one agent's process while `during` runs: to everybody else it is away. */
async function frozen<T>(identity: string, during: (thaw: () => void) => Promise<T>): Promise<T> {
  const pid = fleet.ready.pids.agents[identity] ?? 0;
  const thaw = () => void process.kill(pid, 'SIGCONT');
  process.kill(pid, 'SIGSTOP');
  try {
    return await during(thaw);
  } finally {
    thaw();
  }
}

async function detach(...args: string[]): Promise<string> {
  const { code, out, err } = await muster(home, 'rpc', 'rpcutil', 'ping', '--detach', ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.trim();
}

describe('a run without its terminal', () => {
  it('goes on in the background, and is shown whole afterwards', async () => {
    const id = await detach('--batch', '1', '--batch-sleep', '1', ...onAll());
    const watched = await run('watch', id.slice(0, 12), '--json');
    expect(watched.code).toBe(0);
    expect(senders(read(watched.out))).toEqual(names);
    const shown = await run('attach', id, '--json');
    expect(senders(read(shown.out))).toEqual(names);
  });

  it('loses no answer when its console is killed', async () => {
    const [first = ''] = names;
    const attached = await frozen(first, async (thaw) => {
      const killed = start(home, ['rpc', 'rpcutil', 'ping', '--jsonl', ...onAll()]);
      await eventually(() => expect(killed.out().match(/"kind":"result"/g)).toHaveLength(2));
      killed.signal('SIGKILL');
      await killed.ended;
      const attaching = start(home, ['runs', 'attach', 'last', '--json']);
      thaw();
      return attaching.ended;
    });
    expect(attached.code).toBe(0);
    expect(senders(read(attached.out))).toEqual(names);
  });

  it('is cancelled from a second terminal, while a first one looks on', async () => {
    const [first = ''] = names;
    await frozen(first, async () => {
      const looking = start(home, ['rpc', 'rpcutil', 'ping', '--batch', '1', '--until', '1h', '--jsonl', ...onAll()]);
      await eventually(async () => expect((await run('show', 'last')).out).toContain('State: running'));
      const watching = start(home, ['runs', 'watch', 'last', '--json']);
      expect((await run('cancel', 'last')).code).toBe(0);
      expect((await looking.ended).code).toBe(5);
      const { code, out } = await watching.ended;
      expect(code).toBe(5);
      expect(read(out)).toHaveProperty('error.code', 'run.cancelled');
    });
  });
});

describe('a node that is away', () => {
  it('gets the request when it comes back', async () => {
    const [first = ''] = names;
    await frozen(first, async (thaw) => {
      const id = await detach('--until', '1h', '--delivery-timeout', '1', '-I', first);
      await eventually(async () =>
        expect(read((await run('show', id, '--json')).out).request_stats.waiting).toEqual([first]),
      );
      thaw();
      const { code, out } = await run('watch', id, '--json');
      expect({ code, senders: senders(read(out)) }).toEqual({ code: 0, senders: [first] });
    });
  });

  it('is found by a filter, in the inventory', async () => {
    const [first = ''] = names;
    expect((await muster(home, 'inventory', '--refresh')).code).toBe(0);
    await frozen(first, async () => {
      const ordered = [
        'rpc',
        'rpcutil',
        'ping',
        '--until',
        '1h',
        '--delivery-timeout',
        '1',
        '-A',
        'rpcutil',
        '--detach',
      ];
      const { code, out, err } = await muster(home, ...ordered);
      expect({ code, err }).toEqual({
        code: 0,
        err: `Found ${names.length} nodes in the inventory, those that are away included.\n`,
      });
      await eventually(async () =>
        expect(read((await run('show', out.trim(), '--json')).out).request_stats.waiting).toEqual([first]),
      );
      expect((await run('cancel', out.trim())).code).toBe(0);
    });
  });

  it('never gets what has expired', async () => {
    const [first = ''] = names;
    await frozen(first, async () => {
      const { code } = await muster(
        home,
        'rpc',
        'rpcutil',
        'ping',
        '--until',
        '4s',
        '--delivery-timeout',
        '1',
        '-I',
        first,
      );
      expect(code).toBe(4);
    });
    const { replies, run: kept } = read((await run('show', 'last', '--json')).out);
    expect(kept).toMatchObject({ state: 'finished', states: { expired: 1 } });
    expect(replies.filter(({ statuscode }) => statuscode === 0)).toEqual([]);
  });
});

describe('a roll-out', () => {
  it.each([
    ['--canary', '1'],
    ['--max-errors', '0', '--batch', '1'],
  ])('ends before others are asked: %s %s', async (...flags) => {
    const { code, out } = await muster(
      home,
      ...['rpc', 'rpcutil', 'ping', ...flags, '-I', 'nobody.example.com', ...onAll(), '--json'],
    );
    expect(code).toBe(5);
    expect(read(out).request_stats.not_asked).toEqual(names);
  });

  it('goes on after its canaries when a person says so', async () => {
    const id = await detach('--canary', '1', '--canary-hold', ...onAll());
    await eventually(async () => expect((await run('show', id)).out).toContain('the canaries are well'));
    expect((await run('resume', id)).code).toBe(0);
    const { code, out } = await run('watch', id, '--json');
    expect({ code, senders: senders(read(out)) }).toEqual({ code: 0, senders: names });
  });

  it('is paused, resumed and stopped', async () => {
    const id = await detach('--batch', '1', '--batch-sleep', '600', ...onAll());
    await eventually(async () => expect((await run('show', id)).out).toContain('waits for the next batch'));
    expect((await run('pause', id)).out).toContain(`Run ${id}: paused; 2 of 3 nodes not asked yet.`);
    expect((await run('resume', id)).out).toContain(`Run ${id}: running, waits for the next batch`);
    expect((await run('stop', id)).code).toBe(0);
    const { code, out } = await run('watch', id, '--json');
    expect({ code, asked: senders(read(out)) }).toEqual({ code: 5, asked: [names[0]] });
  });

  it('is paused by Ctrl-C, and goes on where it was', async () => {
    const leaving = start(home, [
      'rpc',
      'rpcutil',
      'ping',
      '--batch',
      '1',
      '--batch-sleep',
      '600',
      '--jsonl',
      ...onAll(),
    ]);
    await eventually(() => expect(leaving.out()).toContain('"kind":"result"'));
    leaving.signal('SIGINT');
    const { code, out } = await leaving.ended;
    expect(code).toBe(130);
    expect(out).toContain('Interrupted: the run is paused, and 2 of 3 nodes have not been asked');
    expect((await run('show', 'last')).out).toContain('State: paused, not conducted');
    expect((await run('cancel', 'last')).code).toBe(0);
    await eventually(async () => expect((await run('show', 'last')).out).toContain('State: cancelled'));
  });
});
