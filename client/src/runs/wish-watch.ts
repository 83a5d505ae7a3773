import type { StartTimer } from '@muster/protocol/bridge';
import type { RunKeeper, WantedOfRun } from '../storage/index.ts';

/** How often what other processes want of a run is looked up, in milliseconds. */
const lookMs = 1000;

/** What people want of a run, in this process or another. */
export class WishWatch {
  readonly #runId: string;
  readonly #store: Pick<RunKeeper, 'wantedOfRun'>;
  readonly #startTimer: StartTimer;
  readonly #onChange: () => void;
  #stopTimer: () => void = () => undefined;
  #isOver = false;
  #wanted: WantedOfRun;

  constructor(
    runId: string,
    wanted: WantedOfRun,
    tools: { readonly store: Pick<RunKeeper, 'wantedOfRun'>; readonly startTimer: StartTimer },
    onChange: () => void,
  ) {
    this.#runId = runId;
    this.#wanted = wanted;
    this.#store = tools.store;
    this.#startTimer = tools.startTimer;
    this.#onChange = onChange;
    this.#lookLater();
  }

  get wanted(): WantedOfRun {
    return this.#wanted;
  }

  /** Looks now. */
  async look(): Promise<void> {
    const read = await this.#store.wantedOfRun(this.#runId);
    if (!read.ok || this.#isOver) return;
    const { wish, isReleased } = this.#wanted;
    if (read.value.wish === wish && read.value.isReleased === isReleased) return;
    this.#wanted = read.value;
    this.#onChange();
  }

  stop(): void {
    this.#isOver = true;
    this.#stopTimer();
  }

  #lookLater(): void {
    this.#stopTimer = this.#startTimer(lookMs, () => {
      void this.look().finally(() => {
        if (!this.#isOver) this.#lookLater();
      });
    });
  }
}
