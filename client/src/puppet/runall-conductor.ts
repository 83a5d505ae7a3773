import type { RunallSummary } from '@muster/protocol/bridge';
import { errorCatalogue, fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Announcer } from '../notify/index.ts';
import type { Discovered } from '../engine/parts/discovery.ts';
import { randomId } from '@muster/runtime/crypto';
import type { Effects } from '../effects.ts';
import type { ClaimedRunall, PuppetNews, RunallStore, RunallWish } from '../storage/index.ts';
import type { AskPuppet } from './ask-puppet.ts';
import { LiveRunall } from './live-runall.ts';
import { RunallQuestions } from './runall-questions.ts';
import type { RunallTiming } from './timing.ts';

export interface RunallTools {
  readonly ask: AskPuppet;
  /** Finds the nodes of an iteration. */
  readonly find: (summary: RunallSummary, signal: AbortSignal) => Promise<Result<Discovered>>;
  readonly store: Pick<RunallStore, 'recordRunall' | 'releaseRunall' | 'runallWish'>;
  /** Keeps what nodes told beside. */
  readonly note: (news: readonly PuppetNews[]) => Promise<unknown>;
  readonly announcer: Announcer;
  readonly consoleId: string;
  readonly effects: Pick<Effects, 'clock' | 'startTimer' | 'randomBytes' | 'logger'>;
  readonly timing: RunallTiming;
}

/**
 * Takes one runall that this console has claimed to its end: finds the nodes, looks at them, asks as many to run as there
 * are slots, and follows each. Whatever is decided is stored before it is done, so that another conductor can go on from
 * there at any time.
 */
export class RunallConductor {
  readonly #tools: RunallTools;
  readonly #live: LiveRunall;
  readonly #onChange: (summary: RunallSummary) => void;
  readonly #stopped = new AbortController();
  readonly #questions: RunallQuestions;
  #wish: RunallWish;
  #discovered: Discovered | null;
  #wake: () => void = () => undefined;
  #isAwake = false;
  #isLost = false;
  #latest: RunallSummary;

  constructor(
    claimed: ClaimedRunall,
    tools: RunallTools,
    options: { readonly onChange: (summary: RunallSummary) => void; readonly discovered?: Discovered },
  ) {
    this.#tools = tools;
    this.#live = new LiveRunall(claimed.summary, claimed.nodes, tools.timing);
    this.#wish = claimed.wish;
    this.#latest = claimed.summary;
    this.#discovered = options.discovered ?? null;
    this.#onChange = options.onChange;
    this.#questions = new RunallQuestions(this.#live, tools, {
      signal: this.#stopped.signal,
      onNews: () => this.#stir(),
      onTrouble: (fault) => this.#trouble(fault),
    });
  }

  /** Resolves when the runall has ended, or this console does not conduct it any more; with the summary as it was stored last. Never rejects. */
  async conduct(): Promise<RunallSummary> {
    const { consoleId, effects, store } = this.#tools;
    try {
      await this.#toTheEnd();
    } catch (thrown) {
      effects.logger.error({ err: thrown, runallId: this.#latest.runallId }, 'a runall broke off');
      this.#end('failed', faultFrom(thrown));
    }
    this.#stopped.abort();
    await this.#questions.drain();
    if (this.#isLost) return this.#latest;
    await this.#save();
    await store.releaseRunall(this.#latest.runallId, consoleId);
    this.#publish({ ...this.#latest, isConducted: false });
    return this.#latest;
  }

  /** Ends the conducting, not the runall. */
  stop(): void {
    this.#stopped.abort();
    this.#stir();
  }

  /** Somebody wants something else of it. */
  look(): void {
    this.#stir();
  }

  async #toTheEnd(): Promise<void> {
    this.#questions.startAgain();
    while (!this.#isOver()) {
      const wish = await this.#tools.store.runallWish(this.#latest.runallId);
      if (wish.ok) this.#wish = wish.value;
      const { state } = this.#live.summary;
      if (state === 'discovering') await this.#discover();
      else if (state === 'waiting') this.#awaitIteration();
      else await this.#step();
      await this.#save();
      if (!this.#isOver()) await this.#sleep();
    }
  }

  #isOver(): boolean {
    return this.#stopped.signal.aborted || this.#isLost || this.#live.summary.finishedAtMs !== null;
  }

  async #discover(): Promise<void> {
    if (this.#wish === 'cancel') {
      this.#end('cancelled', null);
      return;
    }
    const found = this.#discovered === null ? await this.#find() : ok(this.#discovered);
    this.#discovered = null;
    if (this.#stopped.signal.aborted) return;
    if (!found.ok) {
      // A broker that is away comes back; anything else would be no better the next time.
      if (errorCatalogue[found.error.code].blast === 'request') this.#end('failed', found.error);
      else this.#trouble(found.error);
      return;
    }
    const { identities } = found.value;
    this.#trouble(null);
    if (identities.length === 0 && this.#live.summary.rerunMs === null) {
      this.#end('failed', fail('run.no_targets', 'No node with Puppet was discovered').error);
      return;
    }
    this.#live.begin(identities);
    this.#live.change({ state: 'running' });
    this.#isAwake = true;
  }

  #find(): Promise<Result<Discovered>> {
    return this.#tools.find(this.#live.summary, this.#stopped.signal);
  }

  #awaitIteration(): void {
    const { iteration, nextIterationAtMs } = this.#live.summary;
    const nowMs = this.#tools.effects.clock();
    if (this.#wish === 'cancel') return this.#end('cancelled', null);
    if (this.#wish === 'pause' || nowMs < (nextIterationAtMs ?? 0)) return;
    this.#live.begin([]);
    this.#live.change({
      state: 'discovering',
      iteration: iteration + 1,
      iterationStartedAtMs: nowMs,
      nextIterationAtMs: null,
    });
    this.#isAwake = true;
  }

  /** One round: whom to start, whom to ask. */
  async #step(): Promise<void> {
    const nowMs = this.#tools.effects.clock();
    const wanted = { go: 'running', pause: 'paused', cancel: 'cancelling' } as const;
    const state = wanted[this.#wish];
    if (this.#live.summary.state !== state) this.#live.change({ state });
    if (state === 'cancelling') this.#live.cancel(nowMs);
    if (this.#live.isComplete) {
      this.#endIteration(nowMs);
      return;
    }
    if (state === 'running') await this.#startSome();
    if (this.#isOver()) return;
    this.#questions.ask('status', this.#live.toAsk(nowMs));
    this.#questions.ask('last_run_summary', this.#live.toReview(nowMs));
  }

  #endIteration(nowMs: number): void {
    const { rerunMs, iterationStartedAtMs, state } = this.#live.summary;
    if (state === 'cancelling') return this.#end('cancelled', null);
    if (rerunMs === null) return this.#end('finished', null);
    const nextIterationAtMs = Math.max(nowMs, iterationStartedAtMs + rerunMs);
    this.#live.change({ state: 'waiting', nextIterationAtMs });
  }

  #end(state: 'finished' | 'cancelled' | 'failed', fault: Fault | null): void {
    this.#live.fault = fault;
    this.#live.change({ state, finishedAtMs: this.#tools.effects.clock(), nextIterationAtMs: null });
  }

  /** What keeps it from going on, or nothing any more. The fault that it ended with stays. */
  #trouble(fault: Fault | null): void {
    if (this.#live.summary.finishedAtMs === null) this.#live.fault = fault;
  }

  async #startSome(): Promise<void> {
    const identities = this.#live.toStart();
    if (identities.length === 0) return;
    const { clock, randomBytes } = this.#tools.effects;
    const requestId = randomId(randomBytes);
    this.#live.starting(identities, requestId, clock());
    // Nothing is sent before it is known that it is going to be.
    if (await this.#save()) this.#questions.start(identities, requestId);
  }

  /** Stores what changed; false when this console has to stop conducting. What the database refuses for now is tried again. */
  async #save(): Promise<boolean> {
    const news = this.#questions.takeNews();
    if (news.length > 0) await this.#tools.note(news);
    const taken = this.#live.takeChanges();
    if (taken === null) return !this.#isLost;
    const hasEnded = taken.summary.finishedAtMs !== null;
    const notifications = hasEnded ? this.#tools.announcer.endedRunall(taken.summary) : [];
    const changes = { ...taken, notifications };
    for (;;) {
      const stored = await this.#tools.store.recordRunall(changes, this.#tools.consoleId);
      if (stored.ok) {
        if (notifications.length > 0) this.#tools.announcer.queued();
        this.#publish({ ...changes.summary, isConducted: true, revision: stored.value });
        return true;
      }
      const { code, message } = stored.error;
      const { runallId } = changes.summary;
      this.#tools.effects.logger.error({ code, runallId }, `a runall cannot be stored: ${message}`);
      if (errorCatalogue[code].retry === 'never' || this.#stopped.signal.aborted) {
        this.#isLost = true;
        return false;
      }
      await this.#pause(this.#tools.timing.pollMs);
    }
  }

  #publish(summary: RunallSummary): void {
    this.#latest = summary;
    this.#onChange(summary);
  }

  /** Until something happens, or it is time to ask again. */
  async #sleep(): Promise<void> {
    if (!this.#isAwake) await this.#pause(this.#tools.timing.pollMs);
    this.#isAwake = false;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = this.#tools.effects.startTimer(ms, resolve);
      this.#wake = () => {
        stopTimer();
        resolve();
      };
      if (this.#stopped.signal.aborted) this.#wake();
    });
  }

  #stir(): void {
    this.#isAwake = true;
    this.#wake();
  }
}
