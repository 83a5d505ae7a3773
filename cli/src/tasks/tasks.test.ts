import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { applicationDdls } from '../testing/application-ddls.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import type { ScriptedNode } from '../testing/scripted-runs.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

const parameters = {
  name: { type: 'String[1]', description: 'Which \u001b[2J' },
  count: { type: 'Optional[Integer[1]]' },
  force: { type: 'Boolean', default: false },
  more: { type: 'Hash', default: {} },
};
const files = [{ filename: 'init.sh', sha256: 'abc' }];

const answers =
  (metadata: object, result: Record<string, unknown> = {}): ScriptedNode['answer'] =>
  ({ action, inputs }) => {
    if (action !== 'metadata' && action !== 'list')
      return { data: { task_id: 't1', exitcode: 0, completed: true, ...result } };
    if (action === 'list') return { data: { tasks: ['service', 'a\u0007'] } };
    return inputs['task'] === 'service'
      ? { data: { metadata, files } as never }
      : { statusCode: 1, statusMessage: 'There is no such task' };
  };

async function muster(
  args: readonly string[],
  nodes: Readonly<Record<string, ScriptedNode['answer']>> = { a: answers({ parameters }), b: answers({ parameters }) },
  options: MemoryOptions = {},
) {
  const engine = smallFleet({
    ddls: applicationDdls,
    nodes: Object.entries(nodes).map(([identity, answer]) => ({ ...node(identity, {}, answer), agents: ['tasks'] })),
  });
  const world = memoryWorld({ ...options, engine });
  const code = await runMuster(['tasks', ...args], world.surroundings);
  const out = world.stdout.text().replace(/Finished processing [^\n]*\n/, '');
  return { code, out, err: world.stderr.text(), orders: engine.orders, questions: world.questions };
}

describe('muster tasks', () => {
  it('lists the tasks of the nodes', async () => {
    expect((await muster(['list'])).out).toBe(`${'a\\u0007'.padEnd(40)} 2 nodes\n${'service'.padEnd(40)} 2 nodes\n\n`);
  });

  it('tells of a task, once for each version of it', async () => {
    const same = await muster(['info', 'service']);
    expect(same.orders).toEqual([]);
    expect(same.out).toContain('service on 2 nodes\n\n   name  String[1], required\n      Which \\u001b[2J\n');
    const other = await muster(['info', 'service'], {
      a: answers({ parameters }),
      b: answers({ description: 'Other' }),
    });
    expect(other.out).toContain('service on 1 nodes: b\n\n   Other\n');
    expect(JSON.parse((await muster(['info', 'service', '--json'])).out)).toMatchObject([{ nodes: ['a', 'b'] }]);
  });

  it('runs a task with its parameters in their types', async () => {
    const { code, out, orders } = await muster([
      'run',
      'service',
      'name=x',
      'count=3',
      'force=true',
      'more={"a":1}',
      '-y',
    ]);
    expect(code).toBe(0);
    expect(orders).toMatchObject([
      {
        action: 'run_and_wait',
        inputs: {
          task: 'service',
          files: JSON.stringify(files),
          input: JSON.stringify({ name: 'x', count: 3, force: true, more: { a: 1 } }),
        },
      },
    ]);
    expect(out).toBe('a: done\n\nb: done\n\n');
  });

  it('takes JSON, also of a file, below single parameters', async () => {
    const run = ['run', 'service', 'name=y', '--input'];
    expect((await muster([...run, '{"name":"x","count":1}', '-y'])).orders[0]?.inputs['input']).toBe(
      '{"name":"y","count":1}',
    );
    const options = { files: { 'in.json': '{"count":2}\n' } };
    expect((await muster([...run, '@in.json', '-y'], undefined, options)).orders[0]?.inputs['input']).toBe(
      '{"count":2,"name":"y"}',
    );
  });

  it('runs in the background, as a user, on some', async () => {
    const { out, orders } = await muster(['run', 'service', 'name=x', '--background', '--run-as', 'www', '-I', 'a']);
    expect(orders).toMatchObject([{ action: 'run_no_wait', inputs: { run_as: 'www' } }]);
    expect(out).toBe('   a: t1\n\n');
  });

  it('tells how a task ended', async () => {
    const nodes = {
      a: answers({}, { exitcode: 2, runtime: 1.5, stdout: 'one\ntwo\u001b\n', stderr: 'bad\n' }),
      b: answers({}, { completed: false, exitcode: 127 }),
    };
    const { out, orders } = await muster(['status', 't1'], nodes);
    expect(orders).toMatchObject([{ action: 'task_status', inputs: { task_id: 't1' } }]);
    expect(out).toBe(
      'a: exit code 2 after 1.50 s\n   one\n   two\\u001b\n   STDERR:\n      bad\n\nb: still running\n\n',
    );
    expect((await muster(['status', 't1', '--summary'], nodes)).out).toBe('');
  });

  it('asks before it runs everywhere', async () => {
    const terminal = { stdin: { kind: 'terminal' }, stderr: { isTerminal: true }, confirm: true } as const;
    const { questions, orders } = await muster(['run', 'service', 'name=x'], undefined, terminal);
    expect(questions).toEqual(['tasks run_and_wait may destroy something on all 2 nodes. Go on?']);
    expect(orders).toHaveLength(1);
  });

  it.each([
    [['nosuch'], 'No node tells of a task nosuch: There is no such task'],
    [['service'], 'The task needs name'],
    [['service', 'name=x', 'size=1'], 'The task has no parameter size\nIt has: name, count, force, more.'],
    [['service', 'name=x', 'count=secret'], 'count is not an integer'],
    [['service', 'name=x', 'force=secret'], 'force is neither true nor false'],
    [['service', 'name=x', 'more=secret'], 'more is not JSON'],
    [['service', '--input', '["secret"]'], 'What --input gives is not a JSON object'],
    [['service', '--input', '{secret'], 'What --input gives is not a JSON object'],
    [['service', '--input', '@none'], 'none cannot be read'],
  ])('refuses %j', async (args, message) => {
    const { code, err, orders } = await muster(['run', ...args, '-y']);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).not.toContain('secret');
    expect(orders).toEqual([]);
  });

  it('runs nothing where the nodes do not have the same task', async () => {
    const mixed = { a: answers({ parameters }), b: answers({ parameters: {} }), c: answers({ parameters }) };
    expect((await muster(['run', 'service', 'name=x', '-y'], mixed)).err).toContain(
      'The nodes have 2 versions of the task',
    );
    const silent = { a: answers({ parameters }), b: () => 'silent' as const };
    const { err, orders } = await muster(['run', 'service', 'name=x', '-y'], silent);
    expect(err).toContain('1 of 2 nodes do not tell of a task service\nThey are: b.');
    expect(orders).toEqual([]);
  });
});
