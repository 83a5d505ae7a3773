import { readAnswerFilter } from '@muster/protocol/answers';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { restAfter, type FilterText } from '../filter-editor/filter-state.svelte.ts';

/** The filter over the answers of a run, as it is being written. */
export class AnswerFilterState implements FilterText {
  #text = $state.raw('');
  #applied = $state.raw('');
  #fault = $state.raw<Fault | null>(null);
  readonly #clock: Clock;
  readonly #onApply: () => void;
  #stopRest: () => void = () => undefined;

  /** `onApply` is called when another filter is in force. */
  constructor(clock: Clock, onApply: () => void) {
    this.#clock = clock;
    this.#onApply = onApply;
  }

  get text(): string {
    return this.#text;
  }
  /** The last text that could be read; blank for all answers. */
  get applied(): string {
    return this.#applied;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  edit(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restAfter(text), () => this.settle());
  }

  set(text: string): void {
    this.#text = text;
    this.settle();
  }

  settle(): void {
    this.#stopRest();
    const read = readAnswerFilter(this.#text);
    this.#fault = read.ok ? null : read.error;
    const filter = this.#text.trim();
    if (!read.ok || filter === this.#applied) return;
    this.#applied = filter;
    this.#onApply();
  }

  dispose(): void {
    this.#stopRest();
  }
}
