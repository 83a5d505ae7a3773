import type { BridgeClient } from '@muster/protocol/bridge';
import { OutputChoice } from '../../features/run-results/output-choice.svelte.ts';
import { outputColumnsOf, usualOutputs, type OutputColumn } from '../../features/run-results/result-columns.ts';
import type { ResultsState } from '../../features/run-results/results-state.svelte.ts';
import type { RunInView } from './run-in-view.ts';

/** The outputs of a run that there can be columns for, and those of them that are shown. */
export class RunColumns {
  readonly #what = $derived.by(() => {
    const { summary } = this.#run;
    return summary === null ? null : `${summary.agent} ${summary.action}`;
  });
  /** Null until it is known what was run. */
  readonly #choice = $derived.by(() => {
    const [agent, action] = this.#what?.split(' ') ?? [];
    return agent === undefined || action === undefined ? null : new OutputChoice(this.#bridge, agent, action);
  });
  readonly all = $derived.by<readonly OutputColumn[]>(() => outputColumnsOf(this.#run.action, this.#results.outputs));
  readonly #chosen = $derived.by(() => this.#choice?.chosen ?? usualOutputs(this.all));
  readonly shown = $derived.by<readonly OutputColumn[]>(() => this.all.filter(({ id }) => this.#chosen.has(id)));
  readonly shownIds = $derived.by<readonly string[]>(() => this.shown.map(({ id }) => id));
  readonly #bridge: BridgeClient;
  readonly #run: RunInView;
  readonly #results: ResultsState;

  constructor(bridge: BridgeClient, run: RunInView, results: ResultsState) {
    this.#bridge = bridge;
    this.#run = run;
    this.#results = results;
  }

  /** Whether there is something to choose. */
  get isOpen(): boolean {
    return this.#choice !== null && this.all.length > 1;
  }

  toggle(output: string): void {
    this.#choice?.toggle(output, this.#chosen);
  }

  reset(): void {
    this.#choice?.reset();
  }
}
