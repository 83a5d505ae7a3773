import { createRabbitmqCtl, type RabbitmqCtl } from '../control/index.ts';
import { brokerEnvironment } from './launch.ts';
import { erlangName, type BrokerPorts } from './ports.ts';

/** The script of RabbitMQ's own package; the one in `/usr/sbin` would change user. */
const ctlScript = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/** The command line for the broker in a folder. */
export async function privateCtl(folder: string, ports: BrokerPorts): Promise<RabbitmqCtl> {
  const name = await erlangName(folder, ports);
  return createRabbitmqCtl([ctlScript, '--longnames', '--node', name], {
    ...brokerEnvironment(folder, ports),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
  });
}
