import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok } from '@muster/protocol/errors';
import { findProgram } from '../../../processes/index.ts';
import type { CommandEnd, ProviderTools, ServiceProvider, ServiceReader, ServiceStatus } from './provider.ts';

export const scriptFolder = '/etc/init.d';

const scriptOf = (name: string): string => join(scriptFolder, name);

async function isScript(name: string): Promise<boolean> {
  try {
    const stats = await stat(scriptOf(name));
    return stats.isFile() && (stats.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** What the exit codes of a script's `status` mean in the Linux Standard Base. */
const statuses: ReadonlyMap<number | null, ServiceStatus> = new Map([
  [0, 'running'],
  [1, 'stopped'],
  [2, 'stopped'],
  [3, 'stopped'],
]);

/** Scripts that do not know `status` say how they are to be used, with exit codes that mean something else here. */
const knowsNoStatus = (output: string): boolean => /^\s*usage:/im.test(output);

export function sysvReader({ run }: Pick<ProviderTools, 'run'>): ServiceReader {
  return {
    async status(name) {
      if (!(await isScript(name))) return fail('internal', `There is no service '${name}'`);
      const { exitCode, stdout, stderr } = await run(scriptOf(name), ['status']);
      return ok(knowsNoStatus(`${stdout}\n${stderr}`) ? 'unknown' : (statuses.get(exitCode) ?? 'unknown'));
    },
  };
}

/** The runlevels in which a machine does its work. */
const runlevels = ['2', '3', '4', '5'];

async function linksOf(runlevel: string): Promise<readonly string[]> {
  try {
    return await readdir(`/etc/rc${runlevel}.d`);
  } catch {
    return [];
  }
}

const isStartOf = (link: string, name: string): boolean => /^S\d\d/.test(link) && link.slice(3) === name;

/** What enables and disables a service, one command after the other. */
async function enablingCommands(name: string, enabled: boolean): Promise<readonly (readonly string[])[]> {
  if ((await findProgram('update-rc.d')) !== undefined) {
    // The first makes the links where there are none, the second changes those that there were.
    return [
      ['update-rc.d', name, enabled ? 'defaults' : 'defaults-disabled'],
      ['update-rc.d', name, enabled ? 'enable' : 'disable'],
    ];
  }
  if ((await findProgram('chkconfig')) === undefined) return [];
  return [
    ['chkconfig', '--add', name],
    ['chkconfig', name, enabled ? 'on' : 'off'],
  ];
}

/** Services with a script in `/etc/init.d`. */
export function sysvProvider(tools: ProviderTools): ServiceProvider {
  const { change } = tools;
  return {
    ...sysvReader(tools),
    control: (verb, name) => change(scriptOf(name), [verb]),
    async isEnabled(name) {
      const links = await Promise.all(runlevels.map(linksOf));
      return links.flat().some((link) => isStartOf(link, name));
    },
    async setEnabled(name, enabled) {
      let end: CommandEnd | undefined;
      for (const [program = '', ...args] of await enablingCommands(name, enabled)) {
        end = await change(program, args);
        if (end.exitCode !== 0) break;
      }
      return end === undefined ? fail('internal', 'This node has neither update-rc.d nor chkconfig') : ok(end);
    },
  };
}
