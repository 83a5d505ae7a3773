import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { applicationDdls } from '../testing/application-ddls.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import type { ScriptedNode } from '../testing/scripted-runs.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

type Answers = Readonly<Record<string, ScriptedNode['answer']>>;

async function muster(args: readonly string[], answers: Answers, options: MemoryOptions = {}) {
  const engine = smallFleet({
    ddls: applicationDdls,
    nodes: Object.entries(answers).map(([identity, answer]) => ({ ...node(identity, {}, answer), agents: ['shell'] })),
  });
  const world = memoryWorld({ timeFlies: true, ...options, engine });
  const code = await runMuster(args, world.surroundings);
  const out = world.stdout.text().replace(/Finished processing [^\n]*\n/, '');
  return { code, out, err: world.stderr.text(), engine };
}

/** A node whose job writes these pieces, one more at each look, as bytes. */
function writes(handle: string, pieces: readonly string[], exitcode: number): ScriptedNode['answer'] {
  let looks = 0;
  return ({ action, inputs }) => {
    if (action === 'start') return { data: { handle } };
    if (action === 'list') return { data: { jobs: { [handle]: { status: 'running', command: 'x\u001b' } } } };
    if (action !== 'status') return {};
    looks += 1;
    const all = Buffer.from(pieces.slice(0, looks).join(''));
    const stdout = all.subarray(Number(inputs['stdout_offset'])).toString();
    const over = looks >= pieces.length;
    return {
      data: {
        stdout,
        stderr: over ? 'bad\n' : '',
        status: over ? 'stopped' : 'running',
        exitcode: over ? exitcode : null,
      },
    };
  };
}

describe('muster shell run', () => {
  it('sends the command as one input, and prints what it wrote', async () => {
    const answers: Answers = {
      a: () => ({ data: { stdout: 'one\ntwo \u001b[2J\n', stderr: '', exitcode: 0, success: true } }),
      b: () => ({ data: { stdout: '', stderr: 'no such file\n', exitcode: 2, success: false, timed_out: true } }),
      c: () => ({ statusCode: 1, statusMessage: 'not allowed' }),
    };
    const { code, out, engine } = await muster(
      ['shell', 'run', '-y', '--user', 'www', '--kill-after', '3', "echo '$x'; ls"],
      answers,
    );
    expect(code).toBe(2);
    expect(engine.orders[0]).toMatchObject({
      action: 'run',
      inputs: { command: "echo '$x'; ls", user: 'www', timeout: 3 },
    });
    expect(out).toBe(
      'a:\n   one\n   two \\u001b[2J\n\nb: exit code 2, ended because it took too long\n   STDERR:\n      no such file\n\nc: not allowed\n\n',
    );
  });

  it('makes one of several words', async () => {
    const { engine } = await muster(['shell', 'run', '-y', '--', 'ls', '-1', '/x'], { a: () => ({}) });
    expect(engine.orders[0]).toMatchObject({ inputs: { command: 'ls -1 /x' } });
  });

  it('asks first', async () => {
    expect((await muster(['shell', 'run', 'reboot'], { a: () => ({}) })).err).toContain('run may destroy something');
  });
});

describe('muster shell run --tail', () => {
  const tail = ['shell', 'run', '--tail', '-y', 'make'];

  it('prints lines behind the names of their nodes, as they are whole', async () => {
    const answers = { web1: writes('h1', ['ä\nhal', 'f\nrest', ''], 0), db: writes('h2', ['x\u001b\n'], 0) };
    const { code, out, err, engine } = await muster(tail, answers);
    expect(code).toBe(0);
    expect(out.split('\n').sort()).toEqual(['', '  db: x\\u001b', 'web1: half', 'web1: rest', 'web1: ä']);
    expect(err).toBe('  db: bad\nweb1: bad\n');
    expect(engine.orders.map(({ action }) => action)).toEqual(['start']);
    const offsets = engine.questions.filter(({ identities: [of] }) => of === 'web1').map(({ inputs }) => inputs);
    expect(offsets).toEqual([
      { handle: 'h1', stdout_offset: 0, stderr_offset: 0 },
      { handle: 'h1', stdout_offset: 6, stderr_offset: 0 },
      { handle: 'h1', stdout_offset: 12, stderr_offset: 0 },
    ]);
  });

  it('looks again at once while there is more, also when the command is over', async () => {
    const answer: ScriptedNode['answer'] = ({ action, inputs }) => {
      if (action === 'start') return { data: { handle: 'h' } };
      const all = 'one\ntwo\nthree\n';
      const from = Number(inputs['stdout_offset']);
      const stdout_offset = Math.min(all.length, from + 5);
      const stdout = all.slice(from, stdout_offset);
      const truncated = stdout_offset < all.length;
      return {
        data: { stdout, stderr: '', stdout_offset, stderr_offset: 0, truncated, status: 'stopped', exitcode: 0 },
      };
    };
    // Time does not pass: whoever waited for it would wait forever.
    const { code, out } = await muster(tail, { a: answer }, { timeFlies: false });
    expect({ code, out }).toEqual({ code: 0, out: 'a: one\na: two\na: three\n' });
  });

  it('fails when a command does', async () => {
    const { code, err } = await muster(tail, { a: writes('h', ['x\n'], 3), b: writes('h', ['x\n'], 0) });
    expect(code).toBe(2);
    expect(err).toContain('a: exit code 3\n');
  });

  it('gives a node up that has fallen silent', async () => {
    const { code, err, engine } = await muster(tail, {
      a: ({ action }) => (action === 'start' ? { data: { handle: 'h' } } : 'silent'),
    });
    expect(code).toBe(2);
    expect(err).toBe('a: does not answer any more; its command may go on\n');
    expect(engine.questions).toHaveLength(5);
  });

  it('stops on request, and says that the commands do not', async () => {
    const engine = smallFleet({
      ddls: applicationDdls,
      nodes: [
        {
          ...node('a', {}, ({ action }) => {
            if (action === 'start') return { data: { handle: 'h-1' } };
            world.interrupt();
            return { data: { stdout: 'x\n', status: 'running' } };
          }),
          agents: ['shell'],
        },
      ],
    });
    const world = memoryWorld({ engine, timeFlies: true });
    expect(await runMuster(tail, world.surroundings)).toBe(130);
    expect(world.stdout.text()).toContain('a: x\n');
    expect(world.stderr.text()).toContain('the commands go on on their nodes\nLook again: muster shell watch h-1\n');
  });

  it.each(['--json', '--jsonl'])('is not %s', async (flag) => {
    const { code, out } = await muster([...tail, flag], { a: () => ({}) });
    expect(code).toBe(1);
    expect(out).toContain('--tail prints lines as they come');
  });
});

describe('jobs of muster shell', () => {
  const answers = () => ({ a: writes('h1', ['one\n', 'two\n'], 0), b: writes('h2', ['three\n'], 0) });

  it('are started', async () => {
    expect((await muster(['shell', 'start', '-y', 'x'], answers())).out).toBe('   a: h1\n   b: h2\n\n');
  });

  it('are listed, with their commands when verbose', async () => {
    expect((await muster(['shell', 'list'], answers())).out).toBe('a: h1  running\nb: h2  running\n\n');
    expect((await muster(['shell', 'list', '-v'], answers())).out).toContain('a: h1  running  x\\u001b\n');
  });

  it('are watched, wherever they are, without a run', async () => {
    const { code, out, engine } = await muster(['shell', 'watch', 'h1'], answers());
    expect({ code, out }).toEqual({ code: 0, out: 'a: one\na: two\n' });
    expect(engine.orders).toEqual([]);
  });

  it('are looked at and killed on the node that has them', async () => {
    const status = await muster(['shell', 'status', 'h2'], answers());
    expect(status.out).toBe('b: stopped\n   three\n   STDERR:\n      bad\n\n');
    const { out, engine } = await muster(['shell', 'kill', 'h2'], answers());
    expect(out).toBe('   b: killed\n\n');
    expect(engine.orders).toMatchObject([{ action: 'kill', inputs: { handle: 'h2' }, target: { identities: ['b'] } }]);
  });

  it('that nobody has are refused', async () => {
    const { code, err } = await muster(['shell', 'kill', 'h9'], answers());
    expect(code).toBe(1);
    expect(err).toContain('None of 2 nodes has the job h9');
  });
});
