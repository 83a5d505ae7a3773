import type { ResultDetail } from '@muster/protocol/bridge';
import { createAggregator, type ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RunFlags } from '../options/flags.ts';
import { findAction, readInputs } from '../options/inputs.ts';
import { readBatch } from '../options/limits.ts';
import { chooseNodes, type NodeChoice } from '../options/node-choice.ts';
import { exitCodes, runExitCode } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { announceJson } from './announce-json.ts';
import { executeRun, type ExecutedRun } from './execute-run.ts';
import { findTargets, type Targets } from './find-targets.ts';
import { createPrinter } from './run-printer.ts';
import { checkCollective, unlessInterrupted, withEngine } from './with-engine.ts';

/** An action that changes nodes, meant for every node: refused where it is in doubt or nobody can be asked. */
function checkScope(
  action: ActionDefinition,
  choice: NodeChoice,
  flags: RunFlags,
  surroundings: Surroundings,
): Result<{ ask: boolean }> {
  // Who names a preset or a group has not merely forgotten a flag.
  if (choice.kind !== 'filter') return ok({ ask: false });
  const { doubt } = choice;
  if (action.effect === 'read') {
    if (doubt !== undefined) surroundings.stderr.write(`muster: ${doubt}: it is not taken for a list of nodes.\n`);
    return ok({ ask: false });
  }
  if (doubt !== undefined) {
    return fail('usage.invalid', `${doubt}, and ${action.name} changes nodes: which ones are meant is not clear`, {
      mend: 'Choose nodes with flags, wait for the list with `--nodes -`, or mean every node with `< /dev/null`.',
    });
  }
  if (!choice.everything || flags.yes === true) return ok({ ask: false });
  if (surroundings.stdin.kind === 'terminal' && surroundings.stderr.isTerminal) return ok({ ask: true });
  return fail('usage.invalid', `${action.name} changes nodes, and no flag says which`, {
    mend: 'Choose nodes with flags, or mean every node with --yes.',
  });
}

function targetsText({ target, identities }: Targets): string {
  return target.kind === 'nodes' ? `${identities.length} nodes of a list` : `${identities.length} nodes`;
}

/** `muster rpc`: runs an action and prints the answers as they arrive. The value is the exit code. */
export async function rpc(
  agent: string,
  actionName: string,
  pairs: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  announceJson(flags, surroundings.stdout);
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  const batch = readBatch(flags);
  if (!batch.ok) return batch;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const { interrupted } = surroundings;
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const ddl = await unlessInterrupted(
      engine.inventory.agent(agent),
      interrupted,
      `asking for the actions of ${agent}`,
    );
    if (!ddl.ok) return ddl;
    const action = findAction(ddl.value, actionName);
    if (!action.ok) return action;
    const inputs = readInputs(action.value, pairs);
    if (!inputs.ok) return inputs;
    const scope = checkScope(action.value, choice.value, flags, surroundings);
    if (!scope.ok) return scope;
    const targets = await findTargets(engine, choice.value, {
      collective: collective.value,
      flags,
      surroundings,
      agent,
    });
    if (!targets.ok) return targets;
    if (scope.value.ask && targets.value.identities.length > 0) {
      const agreed = await surroundings.confirm(
        `${agent} ${actionName} changes all ${targetsText(targets.value)}. Go on?`,
      );
      if (!agreed)
        return fail(interrupted.aborted ? 'run.interrupted' : 'usage.invalid', 'Not confirmed', {
          mend: 'No request was sent.',
        });
    }
    const printer = createPrinter({ agent, action: action.value, flags, surroundings });
    const aggregator = createAggregator(action.value);
    printer.begin(targets.value.identities.length);
    const onAnswer = (answer: ResultDetail, answered: number) => {
      if (answer.outcome === 'ok' || answer.outcome === 'failed') aggregator.add(answer.data);
      printer.answer(answer, answered);
    };
    const order = {
      agent,
      action: actionName,
      inputs: inputs.value as ExecuteInputs, // readInputs made them of texts, JSON and defaults of the DDL
      collective: collective.value,
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
      ...(flags.ttl === undefined ? {} : { ttlMs: flags.ttl }),
      ...(batch.value === undefined ? {} : { batch: batch.value }),
    };
    const executed = await executeRun(
      engine,
      { order, targets: targets.value, interrupted, onAnswer },
      surroundings.now,
    );
    if (!executed.ok) return printer.refused(executed.error);
    printer.end(executed.value, aggregator.summaries());
    return ok(exitCodeOf(executed.value));
  });
}

type ExecuteInputs = Parameters<typeof executeRun>[1]['order']['inputs'];

function exitCodeOf({ outcome, fault }: ExecutedRun): number {
  if (outcome.interrupted) return exitCodes.interrupted;
  return fault === null ? runExitCode(outcome) : exitCodes.error;
}
