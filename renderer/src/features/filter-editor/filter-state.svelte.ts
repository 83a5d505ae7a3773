import type { BridgeClient } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import type { Clock } from '../../ui/clock.ts';
import { filterTokens } from './filter-tokens.ts';

/** How long typing must rest before the filter is read and counted, in milliseconds. */
export const restMs = 180;

/** The same behind a bare name: it is a class already, but mostly the beginning of a fact. */
export const restAfterNameMs = 700;

/** How long to wait before this text is read, in milliseconds. */
export const restAfter = (text: string): number =>
  filterTokens(text).at(-1)?.kind === 'name' ? restAfterNameMs : restMs;

/** The text of a filter while it is being written. */
export interface FilterText {
  readonly text: string;
  /** What is wrong with the text as it was last read, and where. */
  readonly fault: Fault | null;
  /** Takes what was typed; it is read when typing rests. */
  edit(text: string): void;
  /** Puts a text in place and reads it at once. */
  set(text: string): void;
  /** Reads what is written now, without waiting for typing to rest. */
  settle(): void;
}

/** A filter as it is being written, with the number of nodes that it selects. */
export class FilterState implements FilterText {
  #text = $state.raw('');
  #applied = $state.raw('');
  #readText = $state.raw('');
  #fault = $state.raw<Fault | null>(null);
  #needsFleet = $state.raw(false);
  #matching = $state.raw<number | null>(null);
  #total = $state.raw<number | null>(null);
  #isCounting = $state.raw(false);
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #onApply: (filter: string) => void;
  #stopRest: () => void = () => undefined;
  #question = 0;

  /** `onApply` is called with every text that can be read as a filter, once typing rests. */
  constructor(bridge: BridgeClient, clock: Clock, text: string, onApply: (filter: string) => void = () => undefined) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#onApply = onApply;
    this.#text = text;
    this.#read();
  }

  get text(): string {
    return this.#text;
  }
  /** The text as it was last read, which may have failed; behind {@link text} while somebody types. */
  get readText(): string {
    return this.#readText;
  }
  /** Whether only the nodes can tell who matches, for the filter asks data plugins: the count is then of those that may. */
  get needsFleet(): boolean {
    return this.#needsFleet;
  }
  /** The last text that could be read as a filter. */
  get applied(): string {
    return this.#applied;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** How many nodes of the inventory the applied filter selects; null until counted. */
  get matching(): number | null {
    return this.#matching;
  }
  get total(): number | null {
    return this.#total;
  }
  /** Whether the count still belongs to an earlier text. */
  get isCounting(): boolean {
    return this.#isCounting;
  }
  /** Whether what is written is a filter, and is the one in force. */
  get isSettled(): boolean {
    return this.#fault === null && this.#text.trim() === this.#applied;
  }
  /** Whether the filter lets every node through: blank, or `@all` in one of its spellings. */
  get selectsAll(): boolean {
    const parsed = parseFilter(this.#applied);
    return parsed.ok && parsed.value.kind === 'all';
  }

  /** Takes what was typed; it is read when typing rests. */
  edit(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restAfter(text), () => this.#read());
  }

  /** Puts a text in place and reads it at once. */
  set(text: string): void {
    this.#text = text;
    this.settle();
  }

  /** Reads what is written now, without waiting for typing to rest. */
  settle(): void {
    this.#stopRest();
    this.#read();
  }

  /** Counts again: the inventory has changed. */
  async recount(): Promise<void> {
    const question = ++this.#question;
    this.#isCounting = true;
    const answer = await this.#bridge.call('fleet.count', { filter: this.#applied });
    if (question !== this.#question) return;
    this.#isCounting = false;
    if (answer.ok) {
      this.#matching = answer.value.matching;
      this.#total = answer.value.total;
      this.#needsFleet = answer.value.needsFleet;
    } else this.#fault = answer.error;
  }

  dispose(): void {
    this.#stopRest();
    this.#question++;
  }

  #read(): void {
    this.#readText = this.#text;
    const parsed = parseFilter(this.#text);
    if (!parsed.ok) {
      this.#fault = parsed.error;
      return;
    }
    const filter = this.#text.trim();
    const isNew = filter !== this.#applied || this.#matching === null || this.#fault !== null;
    this.#fault = null;
    this.#applied = filter;
    if (!isNew) return;
    void this.recount();
    this.#onApply(filter);
  }
}
