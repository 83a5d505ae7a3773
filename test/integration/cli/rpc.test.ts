import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster, shell } from './muster-process.ts';

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let names: readonly string[];

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 3 });
  ({ home } = fleet.ready);
  names = Object.keys(fleet.ready.pids.agents).sort();
});
afterAll(() => fleet.stop());

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

/** How many requests one node's agent has let in, and how many answers it has sent. */
async function figures(name: string): Promise<{ passed: number; replies: number }> {
  const { out } = await muster(home, 'rpc', 'rpcutil', 'daemon_stats', '-I', name, '--json');
  const [answer] = (JSON.parse(out) as { replies: { data: Record<string, number> }[] }).replies; // a wrong shape fails below
  return { passed: answer?.data['passed'] ?? NaN, replies: answer?.data['replies'] ?? NaN };
}

describe('muster rpc on real agents', () => {
  it('takes inputs out of files and from a pipe, and prints a table', async () => {
    const file = join(home, 'fact');
    await writeFile(file, 'kernel\n');
    const table = await muster(home, 'rpc', 'rpcutil', 'get_fact', `fact=@${file}`, '--table', '--sort');
    expect(lines(table.out).slice(0, 5)).toEqual([
      expect.stringMatching(/^Node +Fact +Value$/),
      expect.stringMatching(/^[- ]+$/),
      ...names.map((name) => expect.stringMatching(new RegExp(`^${name} +kernel +Linux$`)) as unknown),
    ]);
    const piped = await shell(home, `echo kernel | muster rpc rpcutil get_fact fact=@- --senders --sort`);
    expect(piped).toMatchObject({ code: 0, out: `${names.join('\n')}\n` });
  });

  it('writes events as they happen', async () => {
    const { out } = await muster(home, 'rpc', 'rpcutil', 'ping', '--jsonl', '--sort');
    const events = lines(out).map((line) => JSON.parse(line) as Record<string, unknown>); // looked at below
    expect(events.map(({ kind }) => kind)).toEqual(['discovery', 'result', 'result', 'result', 'summaries', 'stats']);
    expect(events.flatMap(({ sender }) => sender ?? [])).toEqual(names);
  });

  it('filters answers', async () => {
    const [first = ''] = names;
    const filter = `@identity=${first} and data.pong>1700000000`;
    const { out } = await muster(home, 'rpc', 'rpcutil', 'ping', '--senders', '--filter-replies', filter);
    expect(lines(out)).toEqual([first]);
  });

  it('has an action run without an answer, and keeps it as sent', async () => {
    const [first = ''] = names;
    const before = await figures(first);
    const { code, out } = await muster(home, 'rpc', 'rpcutil', 'ping', '--no-results', '-I', first);
    expect(code).toBe(0);
    const [, id = ''] = /^Request sent with id: ([0-9a-f]{32})\n$/.exec(out) ?? [];
    const shown = JSON.parse((await muster(home, 'runs', 'show', id, '--json')).out) as unknown;
    expect(shown).toMatchObject({
      run: { no_results: true, state: 'finished', states: { sent: 1 } },
      replies: [],
      request_stats: { no_responses: [], no_results: true },
    });
    // Two requests more, the ping and the question for these figures; one answer more, to the question before.
    const after = await figures(first);
    expect(after.passed - before.passed).toBe(2);
    expect(after.replies - before.replies).toBe(1);
  });
});

describe('muster package on real agents', () => {
  it('tells which packages there are', async () => {
    const { code, out } = await muster(home, 'package', 'bash', 'status', '--sort');
    expect(code).toBe(0);
    for (const name of names) expect(out).toMatch(new RegExp(`^ *${name}: bash-\\d[\\w.+~-]*\\.\\w+$`, 'm'));
    expect((await muster(home, 'package', 'status', 'no-such-package', '-I', names[0] ?? '')).out).toContain(
      ': absent\n',
    );
    const count = await muster(home, 'package', 'count', '-I', names[0] ?? '');
    expect(count.out).toMatch(/: \d+\n/);
  });

  it('changes no node unasked', async () => {
    const { code, err } = await muster(home, 'package', 'install', 'bash');
    expect(code).toBe(1);
    expect(err).toContain('install changes nodes, and no flag says which');
  });
});
