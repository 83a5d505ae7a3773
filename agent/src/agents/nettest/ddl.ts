import { input, output, textInput, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

const host = textInput('Host', 'Name or IP address of the host', { validation: 'nettest_fqdn', maxlength: 80 });

export const nettestDdl: AgentParts = {
  kind: 'agent',
  name: 'nettest',
  description: 'Tests the network from the node',
  ...ownPlugin,
  timeout: 60,
  usage: 'A node has this agent where there is the program `ping`.',
  actions: [
    {
      name: 'ping',
      description: 'How long an ICMP echo takes to a host and back',
      display: 'always',
      effect: 'read',
      cancellable: true,
      idempotent: true,
      inputs: { fqdn: host },
      outputs: { rtt: output('RTT', 'Round trip time, in milliseconds', 'float') },
      aggregates: [{ function: 'minmax', output: 'rtt', format: 'Min: %.3fms  Max: %.3fms  Average: %.3fms' }],
    },
    {
      name: 'connect',
      description: 'Whether a TCP port of a host can be reached within 2 s',
      display: 'always',
      effect: 'read',
      cancellable: true,
      idempotent: true,
      inputs: { fqdn: host, port: input('integer', 'Port', 'Port to connect to, 1 to 65535') },
      outputs: {
        connect: output('Connected', 'Whether the port was reached', 'boolean', { default: false }),
        connect_status: output('Connection Status', 'Connected, Connection Refused or Connection Timeout'),
        connect_time: output('Connection time', 'How long it took, in seconds', 'float'),
      },
      aggregates: [{ function: 'summary', output: 'connect_status' }],
    },
  ],
};
