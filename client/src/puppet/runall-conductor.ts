import type { RunallSummary } from '@muster/protocol/bridge';
import { errorCatalogue, fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Discovered } from '../engine/engine.ts';
import { randomId } from '@muster/runtime/crypto';
import type { Effects } from '../effects.ts';
import type { ClaimedRunall, PuppetNews, RunallStore, RunallWish } from '../storage/index.ts';
import type { AskPuppet, PuppetAnswer } from './ask-puppet.ts';
import { LiveRunall } from './live-runall.ts';
import { readRun, readStatus, statusOfNode } from './read-answers.ts';
import type { RunallTiming } from './timing.ts';

export interface RunallTools {
  readonly ask: AskPuppet;
  /** Finds the nodes of an iteration. */
  readonly find: (summary: RunallSummary, signal: AbortSignal) => Promise<Result<Discovered>>;
  readonly store: Pick<RunallStore, 'recordRunall' | 'releaseRunall' | 'runallWish'>;
  /** Keeps what nodes told beside. */
  readonly note: (news: readonly PuppetNews[]) => Promise<unknown>;
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
  readonly #underWay = new Set<Promise<void>>();
  #wish: RunallWish;
  #discovered: Discovered | null;
  #news: PuppetNews[] = [];
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
    await Promise.all(this.#underWay);
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
    this.#startAgain();
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
    this.#question('status', this.#live.toAsk(nowMs));
    this.#question('last_run_summary', this.#live.toReview(nowMs));
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
    if (await this.#save()) this.#keep(this.#start(identities, requestId, false));
  }

  /** Sends once more what an earlier conductor may have sent: the nodes carry it out once. */
  #startAgain(): void {
    const nowMs = this.#tools.effects.clock();
    for (const [requestId, identities] of this.#live.toStartAgain(nowMs)) {
      this.#live.asking(identities, nowMs);
      this.#keep(this.#start(identities, requestId, true));
    }
  }

  async #start(identities: readonly string[], requestId: string, again: boolean): Promise<void> {
    const { ask, timing, effects } = this.#tools;
    const { collective, options } = this.#live.summary;
    const silent = new Set(identities);
    const left = new Set<string>();
    const asked = await ask({
      collective,
      action: 'runonce',
      inputs: { ...options, force: true },
      identities,
      requestId,
      timeoutMs: timing.startWindowMs,
      ttlMs: timing.startTtlMs,
      signal: this.#stopped.signal,
      onSent: (identity, sent) => {
        left.add(identity);
        if (sent === 'unknown_node' && silent.delete(identity)) this.#live.unknownNode(identity, effects.clock());
      },
      onAnswer: (answer) => {
        if (!silent.delete(answer.identity)) return;
        this.#takeStart(answer, again);
        this.#stir();
      },
    });
    for (const identity of silent) {
      if (asked.ok || left.has(identity) || again) this.#live.unheard(identity);
      else this.#live.notSent(identity);
    }
    this.#trouble(asked.ok ? null : asked.error);
    this.#stir();
  }

  #takeStart({ identity, outcome, statusMessage, data }: PuppetAnswer, again: boolean): void {
    const initiatedAt = data['initiated_at'];
    if (outcome === 'ok' && typeof initiatedAt === 'number') this.#live.started(identity, initiatedAt);
    // It may have begun all the same: when the action overran its time, or when this was sent for the second time.
    else if (again || outcome === 'ok' || outcome === 'timed_out' || outcome === 'interrupted')
      this.#live.unheard(identity);
    else this.#live.refused(identity, outcome, statusMessage, this.#tools.effects.clock());
  }

  /** Asks nodes something that changes nothing; the answers come when they come. */
  #question(action: 'status' | 'last_run_summary', identities: readonly string[]): void {
    if (identities.length === 0) return;
    this.#live.asking(identities, this.#tools.effects.clock());
    this.#keep(this.#hear(action, identities));
  }

  async #hear(action: 'status' | 'last_run_summary', identities: readonly string[]): Promise<void> {
    const { ask, timing, effects } = this.#tools;
    const silent = new Set(identities);
    const asked = await ask({
      collective: this.#live.summary.collective,
      action,
      identities,
      timeoutMs: timing.statusWindowMs,
      ttlMs: timing.startTtlMs,
      signal: this.#stopped.signal,
      onSent: (identity, sent) => {
        if (sent === 'unknown_node' && silent.delete(identity)) this.#live.unknownNode(identity, effects.clock());
      },
      onAnswer: (answer) => {
        if (silent.delete(answer.identity)) this.#takeAnswer(action, answer);
        this.#stir();
      },
    });
    for (const identity of silent) {
      // Whoever could not be asked has not missed anything.
      if (this.#stopped.signal.aborted || !asked.ok) this.#live.unheard(identity);
      else this.#miss(action, identity, '');
    }
    this.#trouble(asked.ok ? null : asked.error);
    this.#stir();
  }

  #takeAnswer(action: 'status' | 'last_run_summary', answer: PuppetAnswer): void {
    const { identity, outcome, statusMessage, data, nodeTimeMs } = answer;
    const atMs = this.#tools.effects.clock();
    if (outcome !== 'ok') return this.#miss(action, identity, statusMessage);
    if (action === 'status') {
      const status = readStatus(data);
      this.#news.push({ identity, atMs, status: statusOfNode(status) });
      this.#live.told(identity, status, nodeTimeMs, atMs);
    } else {
      const run = readRun(data);
      this.#news.push({ identity, atMs, run });
      this.#live.reviewed(identity, run);
    }
  }

  #miss(action: 'status' | 'last_run_summary', identity: string, problem: string): void {
    const atMs = this.#tools.effects.clock();
    if (action === 'last_run_summary') return this.#live.reviewed(identity, null);
    this.#news.push({ identity, atMs, problem: problem === '' ? 'no answer' : problem });
    this.#live.missed(identity, problem, atMs);
  }

  /** Stores what changed; false when this console has to stop conducting. What the database refuses for now is tried again. */
  async #save(): Promise<boolean> {
    const news = this.#news;
    this.#news = [];
    if (news.length > 0) await this.#tools.note(news);
    const changes = this.#live.takeChanges();
    if (changes === null) return !this.#isLost;
    for (;;) {
      const stored = await this.#tools.store.recordRunall(changes, this.#tools.consoleId);
      if (stored.ok) {
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

  #keep(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
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
