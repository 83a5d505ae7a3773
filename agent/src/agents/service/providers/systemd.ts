import { fail, ok } from '@muster/protocol/errors';
import type { ProviderTools, ServiceProvider, ServiceReader, ServiceStatus } from './provider.ts';

/** States of a unit in which its service does its work, or is about to. */
const running: ReadonlySet<string> = new Set(['active', 'reloading', 'refreshing', 'activating']);
const stopped: ReadonlySet<string> = new Set(['inactive', 'failed', 'deactivating']);

const statusOf = (activeState: string): ServiceStatus =>
  running.has(activeState) ? 'running' : stopped.has(activeState) ? 'stopped' : 'unknown';

/** `systemctl show` writes `NAME=VALUE` lines. */
const parseProperties = (stdout: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stdout.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );

export function systemdReader({ run }: Pick<ProviderTools, 'run'>): ServiceReader {
  return {
    async status(name) {
      const { exitCode, stdout, stderr } = await run('systemctl', [
        'show',
        '--property=LoadState',
        '--property=ActiveState',
        '--',
        name,
      ]);
      if (exitCode !== 0) return fail('internal', `systemctl failed: ${stderr.trim()}`);
      const { LoadState: load, ActiveState: active } = parseProperties(stdout);
      return load === 'not-found' ? fail('internal', `There is no service '${name}'`) : ok(statusOf(active ?? ''));
    },
  };
}

/** Services of systemd. */
export function systemdProvider(tools: ProviderTools): ServiceProvider {
  const { run, change } = tools;
  return {
    ...systemdReader(tools),
    control: (verb, name) => change('systemctl', [verb, '--', name]),
    async isEnabled(name) {
      const { exitCode } = await run('systemctl', ['is-enabled', '--quiet', '--', name]);
      return exitCode === 0;
    },
    setEnabled: async (name, enabled) => ok(await change('systemctl', [enabled ? 'enable' : 'disable', '--', name])),
  };
}
