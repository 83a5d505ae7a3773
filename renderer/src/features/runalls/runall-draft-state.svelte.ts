import type { BridgeClient, Target } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import type { Fault } from '@muster/protocol/errors';
import { ActionFormState } from '../action-form/action-form-state.svelte.ts';

/** What a runall decides itself: its runs are forced. */
const ownOptions: ReadonlySet<string> = new Set(['force', 'splay', 'splaylimit']);

/** The longest pause between two beginnings, in minutes. */
const mostMinutes = 30 * 24 * 60;

/** A runall while somebody says how it shall go. */
export class RunallDraftState {
  readonly form: ActionFormState | null;
  #concurrency = $state('5');
  #rerunMinutes = $state('');
  #isStarting = $state(false);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;
  readonly #target: Target;

  /** `runonce` describes the options of each run; null when the agent is not known. */
  constructor(bridge: BridgeClient, target: Target, runonce: ActionDefinition | null) {
    this.#bridge = bridge;
    this.#target = target;
    const inputs = Object.entries(runonce?.inputs ?? {}).filter(([name]) => !ownOptions.has(name));
    this.form = runonce === null ? null : new ActionFormState({ ...runonce, inputs: Object.fromEntries(inputs) });
  }

  get concurrencyText(): string {
    return this.#concurrency;
  }
  get rerunText(): string {
    return this.#rerunMinutes;
  }
  /** How many nodes at once; null when that is not said rightly. */
  get concurrency(): number | null {
    const text = this.#concurrency.trim();
    return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
  }
  /** How long from one beginning to the next, in milliseconds; undefined for once, null when that is not said rightly. */
  get rerunMs(): number | null | undefined {
    const text = this.#rerunMinutes.trim();
    if (text === '') return undefined;
    const minutes = /^\d{1,5}(\.\d{1,2})?$/.test(text) ? Number(text) : 0;
    return minutes * 60_000 >= 1000 && minutes <= mostMinutes ? Math.round(minutes * 60_000) : null;
  }
  get canStart(): boolean {
    return (
      !this.#isStarting &&
      this.concurrency !== null &&
      this.rerunMs !== null &&
      (this.form === null || this.form.inputs.ok)
    );
  }
  get isStarting(): boolean {
    return this.#isStarting;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  setConcurrency(text: string): void {
    this.#concurrency = text;
  }

  setRerun(minutes: string): void {
    this.#rerunMinutes = minutes;
  }

  /** Starts it; gives its id, or null when it was refused (see {@link fault}). */
  async start(): Promise<string | null> {
    const { concurrency, rerunMs } = this;
    const options = this.form?.inputs;
    if (!this.canStart || concurrency === null || rerunMs === null || options?.ok === false) return null;
    this.#isStarting = true;
    const started = await this.#bridge.call('runalls.start', {
      target: this.#target,
      concurrency,
      options: { ...options?.value },
      ...(rerunMs === undefined ? {} : { rerunMs }),
    });
    this.#isStarting = false;
    this.#fault = started.ok ? null : started.error;
    return started.ok ? started.value.runallId : null;
  }
}
