import type { Engine } from '@muster/client/engine';
import type { RunallSummary } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { NodeFlags } from '../options/flags.ts';
import { completeInputs } from '../options/inputs.ts';
import { chooseNodes, type NodeChoice } from '../options/node-choice.ts';
import { puppetInputs, type PuppetOptionFlags } from './options.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { logLine, runallsTable } from './runall-text.ts';
import { runallJson } from './runall-json.ts';
import type { Surroundings } from '../surroundings.ts';
import { checkScope, confirmScope, type Scope } from '../commands/confirm-scope.ts';
import { findTargets } from '../commands/find-targets.ts';
import { followRunall } from './follow-runall.ts';
import { learnAction } from '../commands/run-action.ts';
import { nobodyText } from '../commands/run-printer.ts';
import { checkCollective, withEngine } from '../commands/with-engine.ts';

export interface RunallFlags extends NodeFlags, PuppetOptionFlags {
  readonly progress: boolean;
  readonly yes?: true;
  /** Milliseconds. */
  readonly rerun?: number;
  /** The id of a runall, or true for the last one that was interrupted. */
  readonly resume?: string | true;
  readonly cancel?: string;
  readonly list?: true;
}

function readConcurrency(text: string | undefined): Result<number> {
  if (text === undefined) return fail('usage.invalid', 'The runall command needs a concurrency limit');
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 100_000) return ok(value);
  return fail('usage.invalid', 'The concurrency for the runall command has to be greater than 0', {
    mend: 'It is a whole number up to 100000.',
  });
}

async function start(
  engine: Engine,
  concurrency: number,
  choice: NodeChoice,
  flags: RunallFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { interrupted, stdout, now } = surroundings;
  const options = puppetInputs(flags, true);
  if (!options.ok) return options;
  const collective = checkCollective(engine, flags.target);
  if (!collective.ok) return collective;
  const runonce = await learnAction(engine, 'puppet', 'runonce', interrupted);
  if (!runonce.ok) return runonce;
  const fits = completeInputs(runonce.value, { ...options.value, force: true });
  if (!fits.ok) return fits;
  const scope: Scope = { agent: 'puppet', action: { ...runonce.value, name: 'runall' } };
  const asks = checkScope(scope, choice, flags, surroundings);
  if (!asks.ok) return asks;
  const where = { collective: collective.value, flags, surroundings, agent: 'puppet' };
  const targets = await findTargets(engine, choice, where);
  if (!targets.ok) return targets;
  const { identities, target, limit, choice: discovery } = targets.value;
  if (identities.length === 0) {
    stdout.write(flags.json === true ? `${cleanJson({ runall: null, nodes: [] })}\n` : `${nobodyText}\n`);
    return ok(exitCodes.noMatch);
  }
  if (asks.value.ask) {
    const agreed = await confirmScope(scope, identities.length, surroundings);
    if (!agreed.ok) return agreed;
  }
  const started = await engine.runalls.start({
    target,
    collective: targets.value.collective ?? collective.value,
    ...(discovery === undefined ? {} : { discovery }),
    ...(limit === undefined ? {} : { limit }),
    concurrency,
    options: options.value,
    ...(flags.rerun === undefined ? {} : { rerunMs: flags.rerun }),
    discovered: targets.value,
  });
  if (!started.ok) return started;
  const { runallId } = started.value;
  if (flags.json !== true)
    stdout.write(logLine(now(), `Runall ${runallId}: ${identities.length} nodes, ${concurrency} at a time`));
  return followRunall(engine, runallId, flags, surroundings);
}

const isInterrupted = ({ finishedAtMs, isConducted }: RunallSummary): boolean => finishedAtMs === null && !isConducted;

async function findInterrupted(engine: Engine): Promise<Result<string>> {
  const listed = await engine.runalls.list({ offset: 0, limit: 500 });
  if (!listed.ok) return listed;
  const last = listed.value.runalls.find(isInterrupted);
  return last === undefined ? fail('runall.unknown', 'No runall has been interrupted') : ok(last.runallId);
}

/** Picks up what was interrupted, or goes on after a pause. */
async function resume(
  engine: Engine,
  wanted: string | true,
  flags: RunallFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const runallId = wanted === true ? await findInterrupted(engine) : ok(wanted);
  if (!runallId.ok) return runallId;
  const resumed = await engine.runalls.resume(runallId.value);
  if (!resumed.ok) return resumed;
  if (flags.json !== true) {
    const { nodes, states, concurrency } = resumed.value;
    const left = nodes - (states.done ?? 0) - (states.skipped ?? 0);
    const text = `Runall ${runallId.value} goes on: ${left} of ${nodes} nodes are left, ${concurrency} at a time`;
    surroundings.stdout.write(logLine(surroundings.now(), text));
  }
  return followRunall(engine, runallId.value, flags, surroundings);
}

/** Cancels, and follows those that run to their end. */
async function cancel(
  engine: Engine,
  runallId: string,
  flags: RunallFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const cancelled = await engine.runalls.cancel(runallId);
  if (!cancelled.ok) return cancelled;
  const followed = await followRunall(engine, runallId, flags, surroundings);
  // That nodes were left out is what was wanted.
  return followed.ok && followed.value === 2 ? ok(exitCodes.ok) : followed;
}

async function list(engine: Engine, flags: RunallFlags, { stdout }: Surroundings): Promise<Result<number>> {
  const listed = await engine.runalls.list({ offset: 0, limit: 25 });
  if (!listed.ok) return listed;
  const { total, runalls } = listed.value;
  if (flags.json === true) stdout.write(`${cleanJson({ total, runalls: runalls.map(runallJson) }, 1)}\n`);
  else
    stdout.write(
      runalls.length === 0
        ? 'No runalls.\n'
        : `${runallsTable(runalls).join('\n')}\n\n${runalls.length} of ${total} runalls\n`,
    );
  return ok(exitCodes.ok);
}

/** `muster puppet runall`: Puppet on many nodes, never more than some at once; or what is to become of an earlier one. */
export async function puppetRunall(
  concurrency: string | undefined,
  flags: RunallFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { list: wantsList, resume: toResume, cancel: toCancel } = flags;
  if (wantsList === true)
    return withEngine(surroundings, flags, 'offline', (engine) => list(engine, flags, surroundings));
  if (toResume !== undefined || toCancel !== undefined) {
    if (concurrency !== undefined)
      return fail('usage.invalid', 'The concurrency of a runall that exists cannot be changed');
    return withEngine(surroundings, flags, 'online', (engine) =>
      toResume !== undefined
        ? resume(engine, toResume, flags, surroundings)
        : cancel(engine, toCancel ?? '', flags, surroundings),
    );
  }
  const limit = readConcurrency(concurrency);
  if (!limit.ok) return limit;
  const options = puppetInputs(flags, true);
  if (!options.ok) return options;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', (engine) =>
    start(engine, limit.value, choice.value, flags, surroundings),
  );
}
