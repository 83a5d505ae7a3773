import type { BridgeClient, RunAggregate, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { runNews, type RunNews } from '../run-progress/run-news.ts';

/** The least time between two looks at a run that goes on, in milliseconds. */
const refreshMs = 500;

/** All aggregates of one output. */
export interface SummarisedOutput {
  readonly output: string;
  readonly title: string;
  readonly answers: number;
  readonly aggregates: readonly RunAggregate[];
}

/** The aggregates of a run, kept in step with its answers. */
export class RunSummariesState {
  #summaries = $state.raw<readonly RunAggregate[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #news: RunNews;
  #question = 0;
  readonly #bridge: BridgeClient;
  readonly #runId: string;

  constructor(bridge: BridgeClient, clock: Clock, runId: string) {
    this.#bridge = bridge;
    this.#news = runNews(clock, refreshMs, () => void this.load());
    this.#runId = runId;
    void this.load();
  }

  /** In the order of the DDL; null until the first answer. */
  get outputs(): readonly SummarisedOutput[] | null {
    if (this.#summaries === null) return null;
    return [...Map.groupBy(this.#summaries, ({ output }) => output)].map(([output, aggregates]) => ({
      output,
      title: aggregates[0]?.title ?? output,
      answers: aggregates[0]?.answers ?? 0,
      aggregates,
    }));
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  async load(): Promise<void> {
    const question = ++this.#question;
    const answer = await this.#bridge.call('runs.summaries', { runId: this.#runId });
    if (question !== this.#question) return;
    if (answer.ok) this.#summaries = answer.value.summaries;
    this.#fault = answer.ok ? null : answer.error;
  }

  /** There is news of the run: it is summed up again, soon; at once when it has ended. */
  noteNews(run: Pick<RunSummary, 'state'>): void {
    this.#news.note(run);
  }

  dispose(): void {
    this.#question++;
    this.#news.stop();
  }
}
