import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { NodeChoice } from '../options/node-choice.ts';
import type { Surroundings } from '../surroundings.ts';

/** What of an action decides whether a person is asked before it runs on every node. */
export interface Scope {
  readonly agent: string;
  readonly action: Pick<ActionDefinition, 'name' | 'effect'>;
  /** Why even an action that only reads should not run everywhere by accident; ends the sentence "… on all 5 nodes". */
  readonly caution?: string;
}

/** What the action does, as the middle of a sentence. */
function effectText({ action, caution }: Scope): string {
  if (action.effect === 'destructive') return 'may destroy something on';
  return action.effect === 'write' ? 'changes' : `${caution ?? 'runs'} on`;
}

/** Whose nodes, where a person has several fleets. */
const ofFleet = ({ fleet }: Surroundings): string => (fleet === undefined ? '' : ` of ${fleet}`);

/**
 * Whether a person has to be asked before this action goes to every node.
 *
 * Errors: `usage.invalid` where it is in doubt which nodes are meant, or where every node is meant and nobody can be asked.
 */
export function checkScope(
  scope: Scope,
  choice: NodeChoice,
  flags: { readonly yes?: true },
  surroundings: Surroundings,
): Result<{ ask: boolean }> {
  // Who names a preset or a group has not merely forgotten a flag.
  if (choice.kind !== 'filter') return ok({ ask: false });
  const { doubt } = choice;
  const { action } = scope;
  const isHarmless = action.effect === 'read' && scope.caution === undefined;
  if (isHarmless) {
    if (doubt !== undefined) surroundings.stderr.write(`muster: ${doubt}: it is not taken for a list of nodes.\n`);
    return ok({ ask: false });
  }
  const deed =
    action.effect === 'destructive'
      ? 'may destroy something'
      : action.effect === 'write'
        ? 'changes nodes'
        : `${scope.caution ?? ''} on every node`;
  if (doubt !== undefined) {
    return fail('usage.invalid', `${doubt}, and ${action.name} ${deed}: which ones are meant is not clear`, {
      mend: 'Choose nodes with flags, wait for the list with `--nodes -`, or mean every node with `< /dev/null`.',
    });
  }
  if (!choice.everything || flags.yes === true) return ok({ ask: false });
  if (surroundings.stdin.kind === 'terminal' && surroundings.stderr.isTerminal) return ok({ ask: true });
  return fail('usage.invalid', `${action.name} ${deed}, and no flag says which`, {
    mend: 'Choose nodes with flags, or mean every node with --yes.',
  });
}

/**
 * Asks for the number of nodes before an action that may destroy something goes to more than `typeAbove` of them; `--yes` answers it.
 *
 * Errors: `usage.invalid` for another answer, and where nobody can be asked; `run.interrupted`.
 */
export async function confirmNumber(
  { agent, action }: Scope,
  { nodes, typeAbove }: { readonly nodes: number; readonly typeAbove: number },
  flags: { readonly yes?: true },
  surroundings: Surroundings,
): Promise<Result<void>> {
  if (action.effect !== 'destructive' || nodes <= typeAbove || flags.yes === true) return ok(undefined);
  const deed = `${agent} ${action.name} may destroy something on ${nodes} nodes${ofFleet(surroundings)}`;
  if (surroundings.stdin.kind !== 'terminal' || !surroundings.stderr.isTerminal)
    return fail('usage.invalid', deed, { mend: 'Say --yes where nobody can be asked.' });
  const typed = await surroundings.ask(`${deed}. Type their number to go on`);
  if (typed?.trim() === String(nodes)) return ok(undefined);
  return fail(surroundings.interrupted.aborted ? 'run.interrupted' : 'usage.invalid', 'Not confirmed', {
    mend: 'No request was sent.',
  });
}

/** Asks before an action goes to every node. Errors: `usage.invalid` for a no, `run.interrupted`. */
export async function confirmScope(scope: Scope, nodes: number, surroundings: Surroundings): Promise<Result<void>> {
  const whom = (nodes === 1 ? 'the only node' : `all ${nodes} nodes`) + ofFleet(surroundings);
  const agreed = await surroundings.confirm(`${scope.agent} ${scope.action.name} ${effectText(scope)} ${whom}. Go on?`);
  if (agreed) return ok(undefined);
  return fail(surroundings.interrupted.aborted ? 'run.interrupted' : 'usage.invalid', 'Not confirmed', {
    mend: 'No request was sent.',
  });
}
