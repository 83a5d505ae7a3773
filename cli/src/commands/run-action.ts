import type { Engine } from '@muster/client/engine';
import { readAnswerFilter } from '@muster/protocol/answers';
import type { ResultDetail } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { ok, type Result } from '@muster/protocol/errors';
import { findAction } from '../options/inputs.ts';
import { chooseNodes, type NodeChoice } from '../options/node-choice.ts';
import { readPace, type Pace } from '../options/pace.ts';
import type { RunFlags } from '../options/run-flags.ts';
import type { CreateView } from '../output/answer-view.ts';
import { shownExitCode } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { announceJson } from './announce-json.ts';
import { checkScope, confirmNumber, confirmScope, type Scope } from './confirm-scope.ts';
import { detachRun } from './detach-run.ts';
import { executeRun, type RunRequest } from './execute-run.ts';
import { findTargets } from './find-targets.ts';
import { gatherAnswers } from './gather-answers.ts';
import { createPrinter } from './run-printer.ts';
import { checkCollective, unlessInterrupted, withEngine } from './with-engine.ts';

/** What a command wants to have run. */
export interface ActionOrder {
  readonly agent: string;
  readonly action: string;
  /** The inputs, once it is known what the action takes. */
  readonly inputs: (
    action: ActionDefinition,
  ) => Promise<Result<Record<string, unknown>>> | Result<Record<string, unknown>>;
  /** What the answers look like, where flags do not say; blocks by default. */
  readonly view?: CreateView;
  readonly caution?: Scope['caution'];
  /** How it goes over its nodes where flags do not say. */
  readonly pace?: Pace;
  /** Called for each answer that is printed. */
  readonly onAnswer?: (answer: ResultDetail) => void;
}

type Inputs = RunRequest['order']['inputs'];

/** The action as the fleet describes it. Errors: `agent.unknown`, `request.unknown_action`, those of the broker, `run.interrupted`. */
export async function learnAction(
  engine: Engine,
  agent: string,
  action: string,
  interrupted: AbortSignal,
): Promise<Result<ActionDefinition>> {
  const ddl = await unlessInterrupted(engine.inventory.agent(agent), interrupted, `asking for the actions of ${agent}`);
  return ddl.ok ? findAction(ddl.value, action) : ddl;
}

/**
 * Runs an action on nodes that were chosen and prints the answers as they arrive: what all commands do that run one. The value
 * is the exit code.
 *
 * Errors: those of finding the nodes and of the inputs, `usage.invalid`, `run.interrupted`.
 */
export async function runActionOn(
  engine: Engine,
  choice: NodeChoice,
  order: ActionOrder,
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { interrupted } = surroundings;
  const { agent } = order;
  const wanted = readPace(flags, surroundings.now);
  if (!wanted.ok) return wanted;
  const pace: Pace = { ...order.pace, ...wanted.value };
  const passes = flags.filterReplies === undefined ? ok(() => true) : readAnswerFilter(flags.filterReplies);
  if (!passes.ok) return passes;
  const collective = checkCollective(engine, flags.target);
  if (!collective.ok) return collective;
  const action = await learnAction(engine, agent, order.action, interrupted);
  if (!action.ok) return action;
  const inputs = await order.inputs(action.value);
  if (!inputs.ok) return inputs;
  const scope: Scope = {
    agent,
    action: action.value,
    ...(order.caution === undefined ? {} : { caution: order.caution }),
  };
  const asks = checkScope(scope, choice, flags, surroundings);
  if (!asks.ok) return asks;
  const targets = await findTargets(engine, choice, {
    collective: collective.value,
    flags,
    surroundings,
    agent,
    awaitsAway: pace.untilMs !== undefined,
  });
  if (!targets.ok) return targets;
  const { identities } = targets.value;
  const { typeAbove } = engine.configuration.guard;
  const nodes = identities.length;
  const isTyped = action.value.effect === 'destructive' && nodes > typeAbove;
  // A number that was typed says more than a yes.
  if (asks.value.ask && nodes > 0 && !isTyped) {
    const agreed = await confirmScope(scope, nodes, surroundings);
    if (!agreed.ok) return agreed;
  }
  const agreed = await confirmNumber(scope, { nodes, typeAbove }, flags, surroundings);
  if (!agreed.ok) return agreed;
  const request: Pick<RunRequest, 'order' | 'targets'> = {
    order: {
      agent,
      action: order.action,
      inputs: inputs.value as Inputs, // made of texts, JSON and defaults of the DDL
      collective: collective.value,
      ...pace,
    },
    targets: targets.value,
  };
  if (flags.detach === true && identities.length > 0) return detachRun(engine, request, flags, surroundings);
  const printer = createPrinter({
    agent,
    action: action.value,
    targets: targets.value,
    flags,
    surroundings,
    noResults: flags.results === false,
    ...(order.view === undefined ? {} : { view: order.view }),
  });
  const answers = gatherAnswers(action.value, passes.value, printer, order.onAnswer);
  printer.begin();
  const executed = await executeRun(
    engine,
    {
      ...request,
      interrupted,
      onAnswer: (answer, answered) => answers.take(answer, answered),
      onChange: (summary) => printer.progress(summary),
    },
    surroundings.now,
  );
  if (!executed.ok) return printer.refused(executed.error);
  printer.end(executed.value, answers.summaries());
  return ok(shownExitCode(executed.value.outcome, executed.value.fault));
}

/** As {@link runActionOn}, on the nodes of the flags. Whatever does not need the engine is checked before it is opened. */
export async function runAction(
  order: ActionOrder,
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  announceJson(flags, surroundings.stdout);
  const passes = flags.filterReplies === undefined ? ok(null) : readAnswerFilter(flags.filterReplies);
  if (!passes.ok) return passes;
  const pace = readPace(flags, surroundings.now);
  if (!pace.ok) return pace;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', (engine) =>
    runActionOn(engine, choice.value, order, flags, surroundings),
  );
}
