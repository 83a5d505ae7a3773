import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { smallFleet } from '../testing/small-fleet.ts';

const terminal = { stdin: { kind: 'terminal' }, stderr: { isTerminal: true } } as const;

async function muster(args: readonly string[], options: MemoryOptions = {}) {
  const engine = smallFleet();
  const world = memoryWorld({ ...options, engine });
  const code = await runMuster(args, world.surroundings);
  const [order] = engine.orders;
  const { questions } = world;
  return { code, out: world.stdout.text(), err: world.stderr.text(), questions, order, inputs: order?.inputs };
}

const login = ['rpc', 'service', 'login'];

describe('inputs of muster rpc', () => {
  it('come out of files, without the last line break', async () => {
    const files = { 't.txt': 'hunter2\n', 'r.json': '["a",\n"b"]\r\n' };
    expect((await muster([...login, 'token=@t.txt', 'rights=@r.json'], { files })).inputs).toEqual({
      token: 'hunter2',
      rights: ['a', 'b'],
    });
  });

  it('come from STDIN, which then is no list of nodes', async () => {
    const stdin = { kind: 'pipe', text: 'hunter2\n' } as const;
    const { order, inputs } = await muster([...login, 'token=@-'], { stdin });
    expect(inputs).toEqual({ token: 'hunter2' });
    expect(order?.target).toEqual({ kind: 'filter', filter: '' });
  });

  it('begin with @ when that is doubled', async () => {
    const { order } = await muster([...login, 'token=@@t.txt']);
    expect(order?.inputs).toEqual({ token: '@t.txt' });
  });

  it.each([
    [['token=@none'], 'token: none cannot be read'],
    [['token=@'], 'token=@ names no file\nThe text "@" is written token=@@.'],
    [['token=@-', 'rights=@-'], 'Only one input can be STDIN, not token and rights'],
    [['token=@-', '--nodes', '-'], 'STDIN cannot be both'],
    [['token=@t', 'rights=@t'], 'rights: what t holds is not JSON'],
    [['token=@t', 'pin=12x4'], 'pin: the value does not look like a integer'],
    [['token=@big'], 'token: big is too long'],
  ])('%j are refused', async (args, message) => {
    const files = { t: 'hunter2\n', big: 'x'.repeat(2 ** 20 + 1) };
    const { code, err, order } = await muster([...login, ...args], { files });
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).not.toContain('12x4');
    expect(err).not.toContain('hunter2');
    expect(order).toBeUndefined();
  });
});

describe('secret inputs of muster rpc', () => {
  it('are asked for on a terminal when they are missing', async () => {
    const { inputs, questions, err } = await muster(login, { ...terminal, secret: 'hunter2' });
    expect(questions).toEqual(['Token']);
    expect(inputs).toEqual({ token: 'hunter2' });
    expect(err).not.toContain('hunter2');
  });

  it('are checked like others', async () => {
    const { code, err } = await muster(login, { ...terminal, secret: 'has blanks' });
    expect(code).toBe(1);
    expect(err).toContain('Cannot validate input token: must match');
    expect(err).not.toContain('has blanks');
  });

  it('interrupt the command when the person does', async () => {
    const { code, order } = await muster(login, { ...terminal, secret: null });
    expect(code).toBe(130);
    expect(order).toBeUndefined();
  });

  it('have to come from elsewhere where nobody can be asked', async () => {
    const { code, err, questions } = await muster(login);
    expect({ code, questions }).toEqual({ code: 1, questions: [] });
    expect(err).toContain('needs a token argument, which is secret\nWrite token=@FILE, or token=@- for STDIN.');
  });

  it('are taken from the command line with a remark', async () => {
    const { code, err, inputs } = await muster([...login, 'token=hunter2']);
    expect(code).toBe(0);
    expect(inputs).toEqual({ token: 'hunter2' });
    expect(err).toContain('token is secret, but arguments stay');
    expect(err).not.toContain('hunter2');
    expect((await muster([...login, 'token=@t'], { files: { t: 'x' } })).err).toBe('');
  });
});

describe('the question before a change to every node', () => {
  it.each([
    [['rpc', 'service', 'restart', 'service=x'], 'service restart changes all 3 nodes. Go on?'],
    [['rpc', 'service', 'destroy'], 'service destroy may destroy something on all 3 nodes. Go on?'],
  ])('%j', async (args, question) => {
    const asked = await muster(args, { ...terminal, confirm: false });
    expect(asked.questions).toEqual([question]);
    expect(asked).toMatchObject({ code: 1, order: undefined });
    expect((await muster([...args, '-y'], terminal)).questions).toEqual([]);
    expect((await muster([...args, '-I', 'web1'], terminal)).questions).toEqual([]);
  });
});
