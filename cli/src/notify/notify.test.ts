import type { Engine } from '@muster/client/engine';
import type { NotifyTarget } from '@muster/protocol/bridge';
import { fail, ok } from '@muster/protocol/errors';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';
import { smallFleet } from '../testing/small-fleet.ts';

const runId = 'ab'.repeat(16);
const waiting: NotifyTarget = {
  name: 'ops',
  kind: 'webhook',
  server: 'https://hooks.example.com',
  recipients: [],
  on: ['failed', 'threshold'],
  isEncrypted: true,
  isSigned: true,
  waiting: 2,
  last: {
    event: 'failed',
    about: 'run',
    aboutId: runId,
    state: 'waiting',
    queuedAtMs: 1_700_000_000_000,
    attempts: 3,
    triedAtMs: 1_700_000_060_000,
    nextAtMs: 1_700_000_180_000,
    fault: { code: 'notify.failed', message: 'https://hooks.example.com did not take it: HTTP 503\u001b[31m' },
  },
};
const fresh: NotifyTarget = {
  ...waiting,
  name: 'mail',
  kind: 'mail',
  server: 'smtp.example.com:587',
  recipients: ['ops@example.com', 'boss@example.com'],
  isSigned: null,
  waiting: 0,
  last: null,
};

async function muster(args: readonly string[], notify: Partial<Engine['notify']> = {}) {
  const whole = smallFleet();
  const world = memoryWorld({ engine: { ...whole, notify: { ...whole.notify, ...notify } } });
  const code = await runMuster(['notify', ...args], world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text(), opened: world.opened };
}

describe('muster notify', () => {
  it('says that nobody is told', async () => {
    expect(await muster(['list'])).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('no section notify') as string,
    });
    expect((await muster(['list', '--json'])).out).toBe('[]\n');
  });

  it('lists targets with the state of the last delivery, without a broker', async () => {
    const listed = await muster(['list'], { list: () => Promise.resolve(ok([waiting, fresh])) });
    expect(listed).toMatchObject({ code: 0, err: '', opened: [{ offline: true }] });
    expect(listed.out).toMatch(
      /ops +webhook +https:\/\/hooks\.example\.com +failed, threshold +2 +waiting .*\(failed, run abababab\)/,
    );
    expect(listed.out).toMatch(/mail +mail +ops@example\.com, boss@example\.com by smtp\.example\.com:587 .* 0 +-\n/);
    expect(listed.out).toContain('ops: https://hooks.example.com did not take it: HTTP 503\\u001b[31m (attempt 3)\n');
  });

  it('lists them for scripts', async () => {
    const { out } = await muster(['list', '--json'], { list: () => Promise.resolve(ok([waiting, fresh])) });
    expect(JSON.parse(out)).toEqual([
      {
        name: 'ops',
        kind: 'webhook',
        server: 'https://hooks.example.com',
        recipients: [],
        on: ['failed', 'threshold'],
        encrypted: true,
        signed: true,
        waiting: 2,
        last: {
          event: 'failed',
          about: 'run',
          id: runId,
          state: 'waiting',
          queued_utc: '2023-11-14T22:13:20.000Z',
          attempts: 3,
          tried_utc: '2023-11-14T22:14:20.000Z',
          next_utc: '2023-11-14T22:16:20.000Z',
          fault: { code: 'notify.failed', message: 'https://hooks.example.com did not take it: HTTP 503\u001b[31m' },
        },
      },
      expect.objectContaining({ name: 'mail', signed: null, last: null }),
    ]);
  });

  it('sends a test and says what came back', async () => {
    const asked: string[] = [];
    const test: Engine['notify']['test'] = (name) => {
      asked.push(name);
      return Promise.resolve(ok({ answer: 'HTTP 204' }));
    };
    expect(await muster(['test', 'ops'], { test })).toMatchObject({ code: 0, out: 'ops took it: HTTP 204\n', err: '' });
    const { out } = await muster(['test', 'ops', '--json'], { test });
    expect(JSON.parse(out)).toEqual({ target: 'ops', answer: 'HTTP 204' });
    expect(asked).toEqual(['ops', 'ops']);
  });

  it('fails as the receiver does', async () => {
    const test: Engine['notify']['test'] = () => Promise.resolve(fail('notify.refused', 'It refused: HTTP 401'));
    expect(await muster(['test', 'ops'], { test })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('HTTP 401') as string,
    });
    const { code, out } = await muster(['test', 'ops', '--json'], { test });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'notify.refused' } });
  });
});
