import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const portsShape = z.object({ epmd: z.int() });
const programs = '/usr/lib/rabbitmq/bin';

/** Runs one of RabbitMQ's own programs on the private broker of a home. Gives what it printed. */
export async function onBroker(
  home: string,
  program: 'rabbitmqctl' | 'rabbitmq-plugins',
  args: readonly string[],
): Promise<string> {
  const folder = join(home, 'broker');
  const ports = portsShape.parse(JSON.parse(await readFile(join(folder, 'ports.json'), 'utf8')));
  const name = await readFile(join(folder, 'erlang-name'), 'utf8');
  const node = ['--node', name, '--longnames', '--quiet'];
  const { stdout } = await run(join(programs, program), [...node, ...args], {
    cwd: folder,
    env: {
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`,
      LANG: 'C.UTF-8',
      HOME: folder,
      ERL_EPMD_PORT: String(ports.epmd),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
    },
  });
  return stdout;
}
