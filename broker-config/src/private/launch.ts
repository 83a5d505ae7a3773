import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { erlangName, type BrokerPorts } from './ports.ts';

/** The script of RabbitMQ's own package; the one in `/usr/sbin` would change user and folder. */
const serverScript = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** Errors: `broker.not_started`. */
export async function checkInstalled(): Promise<Result<void>> {
  try {
    await access(serverScript, constants.X_OK);
    return ok(undefined);
  } catch {
    return fail('broker.not_started', `There is no RabbitMQ at ${serverScript}`, {
      mend: 'Install it: apt-get install rabbitmq-server.',
    });
  }
}

/** Starts a program whose output goes to a file. Rejects when it cannot be started. */
async function launch(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly outputFile: string },
): Promise<ChildProcess> {
  const output = await open(options.outputFile, 'w', 0o600);
  try {
    // A group of its own: Ctrl-C in the terminal reaches only us, and we stop things in their order.
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child;
  } finally {
    await output.close();
  }
}

/** Nothing of the caller's environment but what programs need to run: it may be set up for another broker. */
export const brokerEnvironment = (folder: string, ports: BrokerPorts): NodeJS.ProcessEnv => ({
  PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`,
  LANG: 'C.UTF-8',
  HOME: folder,
  ERL_EPMD_PORT: String(ports.epmd),
  ERL_EPMD_ADDRESS: '127.0.0.1',
});

/** Erlang's name service in the foreground, so that it is ours to stop. */
export const launchEpmd = (folder: string, ports: BrokerPorts): Promise<ChildProcess> =>
  launch('epmd', ['-address', '127.0.0.1', '-port', String(ports.epmd)], {
    cwd: folder,
    env: brokerEnvironment(folder, ports),
    outputFile: join(folder, 'log', 'epmd.log'),
  });

export const launchBroker = async (folder: string, ports: BrokerPorts): Promise<ChildProcess> =>
  launch(serverScript, [], {
    cwd: folder,
    env: {
      ...brokerEnvironment(folder, ports),
      RABBITMQ_NODENAME: await erlangName(folder, ports),
      RABBITMQ_USE_LONGNAME: 'true',
      RABBITMQ_DIST_PORT: String(ports.distribution),
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
      RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: [
        '-kernel inet_dist_use_interface {127,0,0,1}',
        '-start_epmd false',
        // Few threads: it shares a small machine with the whole fleet.
        '+S 2:2 +SDcpu 1:1 +SDio 2 +sbwt none +sbwtdcpu none +sbwtdio none',
      ].join(' '),
      // Makes the script become the Erlang VM instead of waiting for it, so that our child is the broker itself.
      detached: 'true',
    },
    outputFile: join(folder, 'log', 'output.log'),
  });
