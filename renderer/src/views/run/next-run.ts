import type { Fault } from '@muster/protocol/errors';
import { repeatRun } from '../../features/run-draft/repeat-run.ts';
import type { RunDraftState } from '../../features/run-draft/run-draft-state.svelte.ts';
import type { ResultsState } from '../../features/run-results/results-state.svelte.ts';
import type { Aim } from '../../features/run-results/run-aims.ts';
import type { RunInView } from './run-in-view.ts';

interface NextRunHooks {
  /** The composer holds the next run. */
  readonly onCompose: () => void;
  /** Why the nodes that were meant are not known; null when they are. */
  readonly onFault: (fault: Fault | null) => void;
}

/** Puts together the run after this one: the same again, or another for its nodes. */
export class NextRun {
  readonly #run: RunInView;
  readonly #results: ResultsState;
  readonly #draft: RunDraftState;
  readonly #hooks: NextRunHooks;

  constructor(run: RunInView, results: ResultsState, draft: RunDraftState, hooks: NextRunHooks) {
    this.#run = run;
    this.#results = results;
    this.#draft = draft;
    this.#hooks = hooks;
  }

  again(): void {
    if (this.#run.summary === null) return;
    this.#repeat();
    this.#hooks.onCompose();
  }

  /** Composes the same run for other nodes. */
  againOn(identities: readonly string[]): void {
    this.#repeat();
    this.aimAt(identities);
  }

  /** Makes nodes the target of the run that is composed next, whatever it does. */
  aimAt(identities: readonly string[]): void {
    this.#draft.aim({ kind: 'nodes', identities: [...identities] });
    this.#hooks.onCompose();
  }

  async againOnNodesOf(aim: Aim): Promise<void> {
    const identities = await this.#nodesOf(aim);
    if (identities.length > 0) this.againOn(identities);
  }

  async aimAtNodesOf(aim: Aim): Promise<void> {
    const identities = await this.#nodesOf(aim);
    if (identities.length > 0) this.aimAt(identities);
  }

  #repeat(): void {
    const { summary, action } = this.#run;
    if (summary !== null) repeatRun(this.#draft, summary, action);
  }

  async #nodesOf({ states }: Aim): Promise<readonly string[]> {
    const { selection } = this.#results;
    const found = states === null ? { identities: [...selection.keys] } : await this.#results.identitiesIn(states);
    this.#hooks.onFault('fault' in found ? found.fault : null);
    return 'fault' in found ? [] : found.identities;
  }
}
