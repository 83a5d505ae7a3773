import type { BridgeClient, RetentionChoice, RetentionState } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

const daysAtMost = 36_500;

/** How long runs stay: what is set, what a person makes of it, and what that would move. */
export class RetentionSettingsState {
  #found = $state.raw<RetentionState | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isLimited = $state(false);
  #days = $state('');
  #evidence = $state(true);
  #moving = $state.raw<number | null>(null);
  #isSaved = $state(false);
  #isBusy = $state(false);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.read();
  }

  /** What is set, and how much there is; null until it is here. */
  get found(): RetentionState | null {
    return this.#found;
  }
  /** Why the last thing did not work. */
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Whether runs go to the archive after a time at all. */
  get isLimited(): boolean {
    return this.#isLimited;
  }
  /** As it is typed. */
  get days(): string {
    return this.#days;
  }
  get evidence(): boolean {
    return this.#evidence;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  /** How many runs would go to the archive, while a person is asked whether they should; null otherwise. */
  get moving(): number | null {
    return this.#moving;
  }
  /** Whether what is shown has just been saved. */
  get isSaved(): boolean {
    return this.#isSaved;
  }
  /** What is chosen; null while the days are no number of days. */
  get choice(): RetentionChoice | null {
    if (!this.#isLimited) return { keepDays: null, evidence: this.#evidence };
    const keepDays = /^\d{1,5}$/.test(this.#days.trim()) ? Number(this.#days) : 0;
    return keepDays < 1 || keepDays > daysAtMost ? null : { keepDays, evidence: this.#evidence };
  }
  get isChanged(): boolean {
    const found = this.#found;
    if (found === null) return false;
    const { choice } = this;
    return choice?.keepDays !== found.keepDays || choice.evidence !== found.evidence;
  }

  limit(isLimited: boolean): void {
    this.#isLimited = isLimited;
    this.#isSaved = false;
    if (isLimited && this.#days === '') this.#days = '365';
  }

  typeDays(days: string): void {
    this.#days = days;
    this.#isSaved = false;
  }

  keepEvidence(evidence: boolean): void {
    this.#evidence = evidence;
    this.#isSaved = false;
  }

  /** What is set takes the place of what was chosen. */
  async read(): Promise<void> {
    const answer = await this.#bridge.call('console.retention', {});
    this.#fault = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    this.#found = answer.value;
    this.#isLimited = answer.value.keepDays !== null;
    this.#days = answer.value.keepDays === null ? '' : String(answer.value.keepDays);
    this.#evidence = answer.value.evidence;
  }

  /** Saves what was chosen; where that moves runs, a person is asked first (see {@link moving}). */
  async save(): Promise<void> {
    const { choice } = this;
    if (choice === null || this.#isBusy || !this.isChanged) return;
    this.#isBusy = true;
    const moves = await this.#bridge.call('console.previewRetention', { keepDays: choice.keepDays });
    this.#isBusy = false;
    this.#fault = moves.ok ? null : moves.error;
    if (!moves.ok) return;
    if (moves.value.runs > 0) this.#moving = moves.value.runs;
    else await this.confirm();
  }

  /** Saves, whatever moves. */
  async confirm(): Promise<void> {
    const { choice } = this;
    this.#moving = null;
    if (choice === null) return;
    this.#isBusy = true;
    const changed = await this.#bridge.call('console.changeRetention', choice);
    this.#isBusy = false;
    this.#fault = changed.ok ? null : changed.error;
    if (!changed.ok) return;
    await this.read();
    this.#isSaved = true;
  }

  leave(): void {
    this.#moving = null;
  }
}
