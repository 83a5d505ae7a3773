import { setTimeout as pause } from 'node:timers/promises';
import { requiredText, type ActionCall, type AgentModule, type ModuleAction } from '../../api/index.ts';
import { runLasting } from '../../processes/index.ts';
import { chooseProvider, createProvider, type CommandEnd, type ServiceProvider } from './providers/index.ts';

/** How long an action waits for a command; some seconds less than its time limit, so that it is the one to answer. */
const patienceMs = 50_000;

/** How long a service has to come up or go down before it is looked at again. */
const settleMs = 500;

async function providerOf(call: ActionCall): Promise<ServiceProvider> {
  const name = await chooseProvider(call.settings);
  if (name === undefined) return call.fail('This node has neither systemd nor scripts in /etc/init.d');
  return createProvider(name, {
    run: call.run,
    change: (program, args) => runLasting(call, program, args, { patienceMs }),
  });
}

/** Puts the status of a service into the reply; ends the action where there is no such service. */
async function showStatus(call: ActionCall, provider: ServiceProvider, name: string): Promise<void> {
  const status = await provider.status(name);
  if (!status.ok) return call.fail(status.error.message);
  call.reply['status'] = status.value;
}

const lastLine = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '') ?? 'it said nothing';

/** Ends the action when a command has failed, or has not ended yet. */
function expectSuccess(call: ActionCall, what: string, { exitCode, output }: CommandEnd): void {
  if (exitCode === undefined) {
    call.fail(`${what}: still under way after ${patienceMs / 1000} seconds, and it goes on; look again later`);
  } else if (exitCode !== 0) {
    call.fail(`${what}: exit code ${exitCode}: ${lastLine(output)}`);
  }
}

/** Starts, stops or restarts a service, unless it is already as asked. */
const controlling =
  (verb: 'start' | 'stop' | 'restart', already?: 'running' | 'stopped'): ModuleAction =>
  async (call) => {
    const provider = await providerOf(call);
    const name = requiredText(call.request.inputs, 'service');
    await showStatus(call, provider, name);
    const failure = `Could not ${verb} '${name}'`;
    if (call.reply['status'] === already) call.fail(`${failure}: Service is already ${already}`);
    const end = await provider.control(verb, name);
    await pause(settleMs, undefined, { signal: call.signal });
    await showStatus(call, provider, name);
    expectSuccess(call, failure, end);
  };

const enabling =
  (enabled: boolean): ModuleAction =>
  async (call) => {
    const provider = await providerOf(call);
    const name = requiredText(call.request.inputs, 'service');
    await showStatus(call, provider, name);
    const end = await provider.setEnabled(name, enabled);
    call.reply['enabled'] = await provider.isEnabled(name);
    if (!end.ok) return call.fail(end.error.message);
    expectSuccess(call, `Could not ${enabled ? 'enable' : 'disable'} '${name}'`, end.value);
  };

const agent: AgentModule = {
  actions: {
    status: async (call) => showStatus(call, await providerOf(call), requiredText(call.request.inputs, 'service')),
    start: controlling('start', 'running'),
    stop: controlling('stop', 'stopped'),
    restart: controlling('restart'),
    enable: enabling(true),
    disable: enabling(false),
  },
};
export default agent;
