import { describe, expect, it } from 'vitest';
import { recordedCommands, type Recorded } from '../../../../../test/support/agent/recorded-commands.ts';
import { createProvider } from './index.ts';

// These records were written after systemctl(1); scripts in /etc/init.d are tried for real, in test/integration/agents.

const on = (records: readonly Recorded[]) => {
  const { run, change, lines } = recordedCommands(records);
  return { lines, provider: createProvider('systemd', { run, change }) };
};
const show = (name: string) => `systemctl show --property=LoadState --property=ActiveState -- ${name}`;

describe('systemd', () => {
  it.each([
    ['active', 'running'],
    ['reloading', 'running'],
    ['activating', 'running'],
    ['inactive', 'stopped'],
    ['failed', 'stopped'],
    ['deactivating', 'stopped'],
    ['maintenance', 'unknown'],
  ])('says of a service that is %s: %s', async (active, status) => {
    const { provider } = on([{ command: show('cron'), stdout: `LoadState=loaded\nActiveState=${active}\n` }]);
    expect(await provider.status('cron')).toEqual({ ok: true, value: status });
  });

  it('knows which services there are not, and when it cannot tell', async () => {
    const { provider } = on([
      { command: show('nosuch'), stdout: 'LoadState=not-found\nActiveState=inactive\n' },
      { command: show('cron'), exitCode: 1, stderr: 'Failed to connect to bus: No such file or directory\n' },
    ]);
    expect(await provider.status('nosuch')).toMatchObject({ error: { message: "There is no service 'nosuch'" } });
    expect(await provider.status('cron')).toMatchObject({
      error: { message: 'systemctl failed: Failed to connect to bus: No such file or directory' },
    });
  });

  it('is told what to do', async () => {
    const verbs = ['start', 'stop', 'restart'] as const;
    const { provider, lines } = on([
      ...verbs.map((verb) => ({ command: `systemctl ${verb} -- cron` })),
      { command: 'systemctl enable -- cron' },
      { command: 'systemctl disable -- cron', exitCode: 1, stderr: 'Failed to disable unit: Access denied\n' },
      { command: 'systemctl is-enabled --quiet -- cron' },
      { command: 'systemctl is-enabled --quiet -- anacron', exitCode: 1 },
    ]);
    for (const verb of verbs) expect(await provider.control(verb, 'cron')).toMatchObject({ exitCode: 0 });
    expect(await provider.setEnabled('cron', true)).toMatchObject({ value: { exitCode: 0 } });
    expect(await provider.setEnabled('cron', false)).toMatchObject({
      value: { exitCode: 1, output: 'Failed to disable unit: Access denied\n' },
    });
    expect([await provider.isEnabled('cron'), await provider.isEnabled('anacron')]).toEqual([true, false]);
    expect(lines).toHaveLength(7);
  });
});
