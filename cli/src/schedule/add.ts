import type { Engine } from '@muster/client/engine';
import type { MissedPolicy, RunOrder, ScheduleDraft, ScheduleTiming, Target } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import { checkScope, confirmNumber, confirmScope, type Scope } from '../commands/confirm-scope.ts';
import { learnAction } from '../commands/run-action.ts';
import { checkCollective, withEngine } from '../commands/with-engine.ts';
import { readGiven } from '../options/given-inputs.ts';
import { readInputs } from '../options/inputs.ts';
import { readLimit } from '../options/limits.ts';
import { chooseNodes, type NodeChoice } from '../options/node-choice.ts';
import { readPace } from '../options/pace.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { readUntil } from '../options/until.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { printSchedule } from './manage.ts';

export interface AddFlags extends RunFlags {
  readonly at?: string;
  readonly cron?: string;
  readonly timeZone?: string;
  readonly expires?: string;
  /** Milliseconds. */
  readonly late?: number;
  readonly overlap: 'skip' | 'start';
}

/** Whatever a console cannot do later because only flags of this command said it. */
function checkChoice(choice: NodeChoice): Result<Target> {
  if (choice.kind === 'nodes') return ok({ kind: 'nodes', identities: [...choice.identities] });
  if (choice.discovery !== undefined)
    return fail('usage.invalid', 'A schedule finds its nodes as the configuration or its preset says', {
      mend: 'Leave --dm and --do out, or save them with a preset.',
    });
  return ok(choice.kind === 'named' ? choice.target : { kind: 'filter', filter: printFilter(choice.filter) });
}

function readTime({ at, cron, timeZone }: AddFlags, nowMs: number): Result<ScheduleTiming> {
  if ((at === undefined) === (cron === undefined))
    return fail('usage.invalid', 'A schedule has either a time (--at) or a cron expression (--cron)');
  if (cron !== undefined)
    return ok({ kind: 'cron', cron, timeZone: timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone });
  if (timeZone !== undefined) return fail('usage.invalid', '--time-zone belongs to --cron');
  const atMs = readUntil(at ?? '', nowMs);
  return atMs.ok ? ok({ kind: 'once', atMs: atMs.value }) : atMs;
}

const missedOf = ({ late }: AddFlags): MissedPolicy =>
  late === undefined ? { kind: 'skip' } : { kind: 'late', withinMs: late };

/** Asks before what changes every node, as it is asked before a run. */
async function confirm(
  engine: Engine,
  scope: Scope,
  choice: NodeChoice,
  flags: AddFlags,
  surroundings: Surroundings,
): Promise<Result<void>> {
  const asks = checkScope(scope, choice, flags, surroundings);
  if (!asks.ok) return asks;
  const filter = choice.kind === 'filter' ? printFilter(choice.filter) : '';
  const counted =
    choice.kind === 'nodes' ? ok({ matching: choice.identities.length }) : await engine.inventory.count(filter);
  if (!counted.ok) return counted;
  const nodes = counted.value.matching;
  const { typeAbove } = engine.configuration.guard;
  if (asks.value.ask) {
    const agreed = await confirmScope(scope, nodes, surroundings);
    if (!agreed.ok) return agreed;
  }
  return choice.kind === 'named' ? ok(undefined) : confirmNumber(scope, { nodes, typeAbove }, flags, surroundings);
}

/** `muster schedule add`. The value is the exit code. */
export async function addSchedule(
  name: string,
  agent: string,
  action: string,
  pairs: readonly string[],
  flags: AddFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const nowMs = surroundings.now();
  const timing = readTime(flags, nowMs);
  if (!timing.ok) return timing;
  const expires = flags.expires === undefined ? ok(null) : readUntil(flags.expires, nowMs);
  if (!expires.ok) return expires;
  const given = await readGiven(pairs, surroundings);
  if (!given.ok) return given;
  const pace = readPace(flags, surroundings.now);
  if (!pace.ok) return pace;
  const limit = readLimit(flags);
  if (!limit.ok) return limit;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  const target = checkChoice(choice.value);
  if (!target.ok) return target;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const definition = await learnAction(engine, agent, action, surroundings.interrupted);
    if (!definition.ok) return definition;
    const inputs = readInputs(definition.value, given.value);
    if (!inputs.ok) return inputs;
    const agreed = await confirm(engine, { agent, action: definition.value }, choice.value, flags, surroundings);
    if (!agreed.ok) return agreed;
    const draft: ScheduleDraft = {
      name,
      timing: timing.value,
      expiresAtMs: expires.value,
      missed: missedOf(flags),
      overlap: flags.overlap,
      order: {
        agent,
        action,
        inputs: inputs.value as RunOrder['inputs'], // made of texts, JSON and defaults of the DDL
        target: target.value,
        ...(flags.target === undefined ? {} : { collective: collective.value }),
        ...(limit.value === undefined ? {} : { limit: limit.value }),
        ...pace.value,
      },
    };
    const saved = await engine.schedules.save(draft);
    if (!saved.ok) return saved;
    printSchedule(saved.value, flags, surroundings);
    return ok(exitCodes.ok);
  });
}
