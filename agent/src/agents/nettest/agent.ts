import { statusCodes } from '@muster/protocol/messages';
import { numberOf, requiredText, type ActionCall, type AgentModule } from '../../api/index.ts';
import { attemptConnection, resolveHost } from '../../network/connect.ts';

/** How long a connection may take to come about, in milliseconds: MCollective's 2 s. */
const connectMs = 2_000;

/** How long `ping` waits for an answer, in seconds. */
const pingSeconds = 5;

async function addressOf({ request, fail }: ActionCall): Promise<string> {
  return (await resolveHost(requiredText(request.inputs, 'fqdn'))) ?? fail('Cannot resolve hostname');
}

async function ping(call: ActionCall): Promise<void> {
  const address = await addressOf(call);
  const { exitCode, stdout, stderr } = await call.run('ping', ['-n', '-c', '1', '-W', `${pingSeconds}`, '--', address]);
  if (exitCode === -1) call.fail(stderr);
  const rtt = /time[=<]([\d.]+) ms/.exec(stdout)?.[1];
  if (rtt === undefined) call.fail('Cannot reach host');
  call.reply['rtt'] = Number(rtt);
}

const statuses = {
  connected: 'Connected',
  refused: 'Connection Refused',
  timeout: 'Connection Timeout',
} as const;

async function connect(call: ActionCall): Promise<void> {
  const port = numberOf(call.request.inputs, 'port') ?? 0;
  if (port < 1 || port > 65_535) call.fail('port must be from 1 to 65535', statusCodes.invalidData);
  const address = await addressOf(call);
  const began = performance.now();
  const attempt = await attemptConnection({ address, port, limitMs: connectMs }, call.signal);
  if (attempt === 'unreachable') call.fail('Cannot reach host');
  Object.assign(call.reply, {
    connect: attempt === 'connected',
    connect_status: statuses[attempt],
    connect_time: Math.round(performance.now() - began) / 1000,
  });
}

const nettest: AgentModule = { actions: { ping, connect } };
export default nettest;
