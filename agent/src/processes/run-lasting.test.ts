import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import { runLasting, type LastingTools } from './run-lasting.ts';
import { startDetached } from './start-detached.ts';

let stateFolder: string;
beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'muster lasting '));
});
afterEach(() => rm(stateFolder, { recursive: true, force: true }));

const tools = (more: Partial<LastingTools> = {}): LastingTools => ({
  startDetached,
  stateFolder,
  clock: Date.now,
  signal: new AbortController().signal,
  ...more,
});
const patient = { patienceMs: 60_000 };
/** A clock by which every look comes a minute after the one before. */
const hasty = () => {
  let nowMs = 0;
  return () => (nowMs += 60_000);
};

describe('a command that nothing cuts short', () => {
  it('gives exit code and output in their order, with its arguments as they are, and leaves nothing', async () => {
    const script = 'echo "$1"; echo "$GIVEN" >&2; exit 7';
    const options = { ...patient, environment: { GIVEN: 'given' } };
    expect(await runLasting(tools(), 'sh', ['-c', script, 'x', '$(id) "; id'], options)).toEqual({
      exitCode: 7,
      output: '$(id) "; id\ngiven\n',
    });
    expect(await readdir(stateFolder)).toEqual([]);
  });

  it('says how a signal has ended it, and that there is no such program', async () => {
    expect(await runLasting(tools(), 'sh', ['-c', 'kill -9 $$'], patient)).toMatchObject({ exitCode: 137 });
    expect(await runLasting(tools(), 'muster-no-such-program', [], patient)).toMatchObject({ exitCode: 127 });
  });

  it('keeps the end of a long output', async () => {
    const { output } = await runLasting(tools(), 'seq', ['1', '100000'], patient);
    expect(output).toHaveLength(128 * 1024);
    expect(output.endsWith('\n100000\n')).toBe(true);
  });

  it.each(['patience', 'action'])('goes on when the %s has come to its end', async (which) => {
    const [go, done] = [join(stateFolder, 'go'), join(stateFolder, 'done')];
    const args = ['-c', 'while ! [ -e "$1" ]; do sleep 0.05; done; echo finished >"$2"', 'x', go, done];
    if (which === 'patience') {
      const { exitCode } = await runLasting(tools({ clock: hasty() }), 'sh', args, patient);
      expect(exitCode).toBeUndefined();
    } else {
      const controller = new AbortController();
      const running = runLasting(tools({ signal: controller.signal }), 'sh', args, patient);
      await eventually(async () => expect((await readdir(stateFolder)).length).toBe(1));
      controller.abort(new Error('time is over'));
      await expect(running).rejects.toThrow();
    }
    await runLasting(tools(), 'touch', [go], patient);
    await eventually(async () => expect(await readFile(done, 'utf8')).toBe('finished\n'));
    // What it wrote down is removed by the next one, once it has ended.
    await eventually(async () => {
      await runLasting(tools(), 'true', [], patient);
      expect((await readdir(stateFolder)).sort()).toEqual(['done', 'go']);
    });
  });
});
