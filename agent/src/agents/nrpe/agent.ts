import { requiredText, textOf, type ActionCall, type AgentModule } from '../../api/index.ts';
import { createGate } from '../../limits/gate.ts';
import { readChecks } from '../../nrpe/index.ts';

/** Longest that a check may take, in milliseconds: somewhat less than the action. */
const checkMs = 55_000;

/** Checks that run at the same time. */
const atOnce = 4;

const failures = { 1: 'WARNING', 2: 'CRITICAL', 3: 'UNKNOWN' } as const;

async function runcommand(call: ActionCall): Promise<void> {
  const { inputs } = call.request;
  const checks = await readChecks(call.settings, call.run);
  const args = textOf(inputs, 'args') ?? '';
  const result = await checks.run(requiredText(inputs, 'command'), args === '' ? [] : args.split('!'), checkMs);
  Object.assign(call.reply, result);
  if (result.exitcode !== 0) call.fail(failures[result.exitcode]);
}

async function runallcommands(call: ActionCall): Promise<void> {
  const checks = await readChecks(call.settings, call.run);
  const gate = createGate(atOnce);
  const results = await Promise.all(checks.names.map((name) => gate.run(() => checks.run(name, [], checkMs))));
  call.reply['commands'] = Object.fromEntries(results.map(({ command, ...result }) => [command, result]));
}

const nrpe: AgentModule = { actions: { runcommand, runallcommands } };
export default nrpe;
