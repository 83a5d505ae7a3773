import type { Result } from '@muster/protocol/errors';
import { textOf, type ActionCall } from '../../api/index.ts';
import { findProgram, runLasting } from '../../processes/index.ts';
import { chooseProvider, createProvider, type CommandEnd, type PackageProvider } from './providers/index.ts';

/** How long an action waits for a change; some seconds less than its time limit, so that it is the one to answer. */
const patienceMs = 165_000;

/** How long a change waits for another one to end. */
const lockSeconds = 120;

/** The package manager of the node; ends the action where there is none. */
export async function providerOf(call: ActionCall): Promise<PackageProvider> {
  const name = await chooseProvider(call.settings, findProgram);
  if (name === undefined) return call.fail('This node has none of apt, dnf, yum and zypper');
  return createProvider(name, {
    run: call.run,
    change: (program, args, environment) =>
      runLasting(call, program, args, { patienceMs, ...(environment === undefined ? {} : { environment }) }),
    root: textOf(call.settings, 'root'),
    lockSeconds,
    signal: call.signal,
  });
}

/** The value of a result; ends the action with its reason where there is none. */
export const valueOf = <T>(call: ActionCall, result: Result<T>): T =>
  result.ok ? result.value : call.fail(result.error.message);

/** The line of an output that says most about why a command failed. */
function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  return said.find((line) => /^(E|Error|error|dpkg: error.*): /.test(line)) ?? said.at(-1) ?? 'it said nothing';
}

/** Ends the action when a command has failed, or has not ended yet; its output and exit code travel along. */
export function expectSuccess(call: ActionCall, provider: PackageProvider, { exitCode, output }: CommandEnd): void {
  if (exitCode === undefined) {
    call.fail(`${provider.name} is still at work after ${patienceMs / 1000} seconds and goes on; look again later`);
  } else if (!provider.isSuccess(exitCode)) {
    call.fail(`${provider.name} failed with exit code ${exitCode}: ${reasonIn(output)}`);
  }
}
