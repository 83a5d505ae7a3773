import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster } from './muster-process.ts';

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let names: readonly string[];

/** Commands begin and end through several processes, on a machine that may be busy. */
const patienceMs = 90_000;

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 2 });
  ({ home } = fleet.ready);
  names = Object.keys(fleet.ready.pids.agents).sort();
  // The agent is off until an administrator switches it on.
  for (const name of names) {
    const settings = join(home, 'nodes', name, 'plugin.d', 'shell.yaml');
    await mkdir(dirname(settings), { recursive: true });
    await writeFile(settings, 'activate: true\n');
    process.kill(fleet.ready.pids.agents[name] ?? 0, 'SIGUSR1');
  }
  const active = async () => (await muster(home, 'find', '-A', 'shell', '--sort')).out;
  await eventually(async () => expect(await active()).toBe(`${names.join('\n')}\n`), patienceMs);
});
afterAll(() => fleet.stop());

const first = () => names[0] ?? '';

describe('muster shell on real agents', () => {
  it('runs a command as one text, which no shell of ours reads', async () => {
    const canary = join(home, 'canary');
    const command = `printf '%s\\n' "$(basename /a/b)" '$x'; : "\`touch ${canary}\`"; echo bad >&2; exit 3`;
    const { code, out } = await muster(home, 'shell', 'run', command, '-I', first());
    expect(code).toBe(0);
    expect(out).toContain(`${first()}: exit code 3\n   b\n   $x\n   STDERR:\n      bad\n`);
    // On the node it is a line of shell: that is what the agent is for.
    expect(existsSync(canary)).toBe(true);
  });

  it('prints lines behind the names of their nodes while commands run', async () => {
    const command = 'echo one; sleep 2; echo two; echo three >&2';
    const { code, out, err } = await muster(home, 'shell', 'run', '--tail', '-y', command);
    expect(code).toBe(0);
    for (const name of names) {
      expect(out).toMatch(new RegExp(`${name}: one\n[\\s\\S]*${name}: two\n`));
      expect(err).toContain(`${name}: three\n`);
    }
  });

  it('starts a command, finds it again and ends it', async () => {
    const started = await muster(home, 'shell', 'start', 'echo here; exec sleep 600', '-I', first());
    const [, handle = ''] = /: ([0-9a-f-]{36})\n/.exec(started.out) ?? [];
    expect((await muster(home, 'shell', 'list', '-v')).out).toMatch(
      new RegExp(`${first()}: ${handle}  running  echo here`),
    );
    await eventually(
      async () => expect((await muster(home, 'shell', 'status', handle)).out).toContain('here'),
      patienceMs,
    );
    expect((await muster(home, 'shell', 'kill', handle)).code).toBe(0);
    const watched = await muster(home, 'shell', 'watch', handle);
    expect(watched.out).toContain(`${first()}: here\n`);
    expect(watched.code).toBe(2);
  });
});
