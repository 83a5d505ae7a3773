import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import { errorCatalogue, fail, faultFrom, type Fault } from '@muster/protocol/errors';
import type { NodeState, RunHold } from '@muster/protocol/run';
import type { Effects } from '../effects.ts';
import type { Discovered, Targets } from '../engine/parts/discovery.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';
import type { Announcer } from '../notify/index.ts';
import type { Converse } from '../requests/index.ts';
import type { Recipients } from '../sealing/index.ts';
import type {
  ClaimedRun,
  QueuedNotification,
  RunChanges,
  RunKeeper,
  RunProgress,
  RunWriter,
} from '../storage/index.ts';
import { Courier } from './courier.ts';
import { findNodes } from './find-nodes.ts';
import type { Delivery } from './keep-order.ts';
import { deadlineOf, type RunLimits } from './limits.ts';
import { endOf, nextStep, planOf, type Plan, type Step } from './plan.ts';
import { hasSecrets, type PreparedOrder } from './prepare-order.ts';
import { RunBook } from './run-book.ts';
import { RunLock } from './run-lock.ts';
import { RunRecorder } from './run-recorder.ts';
import { WishWatch } from './wish-watch.ts';

/**
 * From more than this many discovered nodes on, one broadcast is sent instead of one request to each. MCollective's
 * `direct_addressing_threshold` is 10; see docs/adr/0009-direct-or-broadcast.md for the measurement behind this one.
 */
const broadcastAbove = 200;

/** How long answers of nodes that were not expected are still taken after the end of a broadcast run, in milliseconds. */
const strangersMs = 10_000;

/** How long answers that waited in the queue of a final run may take to come, in milliseconds. */
const catchUpMs = 1500;

/** Between two attempts to write what the database refused, or to get a lock, in milliseconds. */
const againMs = 1000;

/** How soon a clock that was stepped is noticed, in milliseconds. */
const longestSleepMs = 5000;

/** How long after the last deadline nodes may still tell what became of a request, in milliseconds: those that were down tell it when they start. */
const tellWithinMs = 3_600_000;

export interface ConductorTools {
  readonly converse: Converse;
  readonly recipients: Recipients;
  /** Whether what is signed is kept with the run. */
  readonly keepsEvidence: boolean;
  readonly targets: Targets;
  readonly announcer: Announcer;
  readonly store: RunWriter & RunKeeper;
  readonly consoleId: string;
  readonly effects: Pick<Effects, 'bus' | 'clock' | 'startTimer' | 'randomBytes' | 'logger'>;
}

/** States of nodes that may be away, and back again. */
const awayStates: readonly NodeState[] = ['waiting', 'no_answer', 'expired', 'unknown_node'];

/** A run as it is to be conducted from here on. */
export interface ConductedRun extends Pick<
  ClaimedRun,
  'summary' | 'wanted' | 'progress' | 'answersUntilMs' | 'nodes' | 'strangers'
> {
  readonly order: PreparedOrder;
  readonly delivery: Delivery;
  /** False when its sensitive inputs are gone: it is not sent any more. */
  readonly hasInputs: boolean;
  /** Nodes that were discovered already. */
  readonly discovered: EngineRunOrder['discovered'];
}

/** Whether the end of a cancelled run has begun already; a mere wish begins it. */
const isCalledOff = ({ summary }: ConductedRun): boolean => summary.fault?.code === 'run.cancelled';

interface Listeners {
  readonly onChange: (summary: RunSummary) => void;
  readonly onResult: (result: ResultDetail) => void;
}

/**
 * Takes one run that this console owns from wherever it stands to its end, and takes late answers after it. Whatever is decided is stored
 * before it is done, so that another conductor can go on from there at any time.
 */
export class Conductor {
  readonly #run: ConductedRun;
  readonly #tools: ConductorTools;
  readonly #book: RunBook;
  readonly #recorder: RunRecorder;
  readonly #courier: Courier;
  readonly #wishes: WishWatch;
  readonly #lock: RunLock | null;
  readonly #onChange: (summary: RunSummary) => void;
  readonly #letGo = new AbortController();
  readonly #discovering = new AbortController();
  #limits: RunLimits;
  #plan: Plan;
  #progress: RunProgress | null;
  #answersUntilMs: number | null;
  /** No further nodes are asked. */
  #isEnding: boolean;
  #fault: Fault | null;
  #fatal: Fault | null = null;
  #wake: () => void = () => undefined;
  #isAwake = false;
  #caughtUp = Promise.withResolvers<undefined>();

  constructor(run: ConductedRun, tools: ConductorTools, listeners: Listeners) {
    const { summary, order, wanted } = run;
    this.#run = run;
    this.#tools = tools;
    this.#onChange = listeners.onChange;
    this.#book = new RunBook(summary, run);
    this.#progress = run.progress;
    this.#answersUntilMs = run.answersUntilMs;
    this.#plan = planOf(order.selection, this.#book.total);
    this.#isEnding = summary.state === 'stopping';
    this.#fault = summary.fault === null ? null : fail(summary.fault.code, summary.fault.message).error;
    const { deliveryMs, executionMs, ttlMs, waitAtMostMs } = order;
    this.#limits = {
      deliveryMs,
      executionMs,
      ttlMs,
      waitAtMostMs,
      untilMs: order.selection.untilMs ?? null,
      isCalledOff: isCalledOff(run),
    };
    this.#lock =
      order.selection.rollout?.lock === true
        ? new RunLock(tools.effects.bus, { ...order, action: order.action.name })
        : null;
    this.#recorder = new RunRecorder({
      write: (changes) => tools.store.recordRun(changes, tools.consoleId),
      summary: () => this.#book.summary,
      onStored: listeners.onChange,
      pause: (fault) => this.#pauseStoring(fault),
    });
    this.#wishes = new WishWatch(
      summary.runId,
      wanted,
      { store: tools.store, startTimer: tools.effects.startTimer },
      () => this.#stir(),
    );
    this.#courier = new Courier({
      runId: summary.runId,
      order,
      limits: this.#limits,
      book: this.#book,
      recorder: this.#recorder,
      tools,
      signal: this.#letGo.signal,
      hooks: {
        onNews: () => this.#stir(),
        onResult: listeners.onResult,
        onFatal: (fault) => {
          this.#fatal ??= fault;
          this.#stir();
        },
      },
    });
  }

  /** Resolves with the summary as it was stored last, when the run is final or this console does not conduct it any more. Never rejects. */
  async conduct(): Promise<RunSummary> {
    if (this.#book.summary.finishedAtMs !== null) {
      this.#wishes.stop();
      return this.#book.summary;
    }
    let fault: Fault | null;
    try {
      fault = await this.#toTheEnd();
    } catch (thrown) {
      fault = faultFrom(thrown);
      this.#tools.effects.logger.error({ err: thrown, runId: this.#run.summary.runId }, 'a run broke off');
    }
    this.#wishes.stop();
    if (!this.#isOver()) await this.#finish(fault);
    await this.#lock?.release();
    const lost = await this.#recorder.drain();
    if (lost === null || lost.code === 'run.taken' || this.#letGo.signal.aborted)
      return { ...this.#book.summary, isConducted: false };
    // What cannot be stored is lost, and is not said to be anything else.
    return { ...this.#book.summary, state: 'failed', fault: lost, isConducted: false, finishedAtMs: this.#now() };
  }

  /** Takes late answers of a final run while nodes may answer, and then deletes the queue. Resolves when nothing of the run is left open here. */
  async linger(): Promise<void> {
    try {
      if (!this.#isOver()) await this.#awaitLate();
    } catch (thrown) {
      this.#tools.effects.logger.error({ err: thrown, runId: this.#run.summary.runId }, 'late answers broke off');
    }
    this.#caughtUp.resolve(undefined);
    await this.#courier.leave();
    await this.#courier.drain();
    await this.#recorder.drain();
    const { store, consoleId } = this.#tools;
    if (this.#recorder.lost === null) await store.releaseRun(this.#run.summary.runId, consoleId);
  }

  /** Resolves when what has come for a final run so far is stored. */
  async caughtUp(): Promise<RunSummary> {
    await this.#caughtUp.promise;
    await this.#recorder.drain();
    return this.#book.summary;
  }

  /** Ends the conducting, not the run. */
  stop(): void {
    this.#letGo.abort();
    this.#discovering.abort();
    this.#wishes.stop();
    this.#stir();
  }

  /** Somebody wants something else of it. */
  async look(): Promise<void> {
    await this.#wishes.look();
  }

  /** A node was heard of: one that was away may want the request once more. */
  seen(identity: string): void {
    const { state, publishedAtMs } = this.#book.deliveryOf(identity) ?? {};
    if (state === undefined || !awayStates.includes(state)) return;
    const nowMs = this.#now();
    if (nowMs - (publishedAtMs ?? 0) < this.#limits.deliveryMs) return;
    if (this.#book.hurry(identity, nowMs)) this.#stir();
  }

  #isOver(): boolean {
    return this.#letGo.signal.aborted || this.#recorder.lost !== null;
  }

  #now(): number {
    return this.#tools.effects.clock();
  }

  /** Resolves with why the run ends as it does; null for a good end. */
  async #toTheEnd(): Promise<Fault | null> {
    const resumed = this.#book.asked > 0;
    if (this.#book.total === 0) {
      const fault = await this.#discover();
      if (fault !== null || this.#isOver()) return fault;
    }
    if (resumed) {
      const fault = await this.#openCourier();
      if (fault !== null || this.#isOver()) return fault;
      if (this.#wishes.wanted.wish === 'cancel') this.#courier.callOff();
      this.#courier.takeOver();
    }
    while (!this.#isOver()) {
      this.#passTime();
      const step = this.#nextStep();
      const untilMs = await this.#take(step);
      if (this.#fatal !== null) return this.#fatal;
      if (this.#isComplete(step)) return this.#fault;
      await this.#sleep(untilMs);
    }
    return null;
  }

  #isComplete(step: Step | null): boolean {
    return this.#book.open === 0 && (this.#isEnding || step?.kind === 'asked');
  }

  async #discover(): Promise<Fault | null> {
    const found = await findNodes(this.#tools.targets, this.#run.order, {
      discovered: this.#run.discovered,
      signal: this.#discovering.signal,
      onFound: (expected) => {
        this.#book.change({ expected });
        this.#recorder.note();
      },
    });
    if (this.#isOver()) return null;
    const { wish } = this.#wishes.wanted;
    if (wish === 'cancel') return fail('run.cancelled', 'The run was cancelled before its nodes were known').error;
    if (wish === 'stop') return fail('run.stopped', 'The run was stopped before its nodes were known').error;
    if (!found.ok) return found.error;
    return this.#expect(found.value);
  }

  #expect({ identities, durationMs, method }: Discovered): Fault | null {
    this.#book.expect(identities, durationMs);
    this.#plan = planOf(this.#run.order.selection, identities.length);
    if (identities.length === 0)
      return { code: 'run.no_targets', message: 'No request sent, we did not discover any nodes.' };
    this.#progress = { method, batchFrom: 0, sleepUntilMs: null, canaryPassed: this.#plan.canaries === 0 };
    this.#recorder.note({ expected: identities, progress: this.#progress });
    return null;
  }

  #passTime(): void {
    const isBlind = !this.#courier.isUp;
    const repeats = this.#run.hasInputs && this.#courier.isOpen;
    const { changed, repeat } = this.#book.pass(this.#now(), this.#limits, { isBlind, repeats });
    if (changed.length > 0)
      this.#recorder.note({ states: changed.map((identity) => ({ identity, state: this.#book.stateOf(identity) })) });
    if (repeat.length > 0) this.#courier.repeat(repeat);
  }

  /** Null when there is nothing left to decide. */
  #nextStep(): Step | null {
    const { wanted } = this.#wishes;
    const cancels = wanted.wish === 'cancel' && !this.#limits.isCalledOff;
    if ((this.#isEnding && !cancels) || this.#progress === null) return null;
    const { canaryPassed, batchFrom, sleepUntilMs } = this.#progress;
    return nextStep(this.#plan, {
      nowMs: this.#now(),
      asked: this.#book.asked,
      atWork: this.#book.atWork,
      failures: this.#book.failures,
      canaries: canaryPassed ? { ok: 0, failed: 0 } : this.#book.first(this.#plan.canaries),
      canaryPassed,
      batchFrom,
      sleepUntilMs,
      wanted,
    });
  }

  /** Does what comes next; resolves with when to look again, whatever happens. 0 for at once. */
  async #take(step: Step | null): Promise<number> {
    switch (step?.kind) {
      case undefined:
        return Infinity;
      case 'asked':
        this.#show('running', null);
        return Infinity;
      case 'wait':
        this.#show(step.isPaused ? 'paused' : 'running', step.hold, step.untilMs);
        return step.untilMs ?? Infinity;
      case 'sleep':
        this.#keepProgress({ sleepUntilMs: step.untilMs });
        return 0;
      case 'canary_passed':
        this.#keepProgress({ canaryPassed: true, batchFrom: this.#book.asked });
        return 0;
      case 'stop':
        this.#end(step);
        return 0;
      case 'ask':
        return this.#ask(step);
    }
  }

  #keepProgress(changes: Partial<RunProgress>): void {
    if (this.#progress === null) return;
    this.#progress = { ...this.#progress, ...changes };
    this.#recorder.note({ progress: this.#progress });
  }

  #show(state: RunSummary['state'], hold: RunHold | null, holdUntilMs: number | null = null): void {
    const { state: shown, hold: held, holdUntilMs: heldUntilMs } = this.#book.summary;
    if (shown === state && held === hold && heldUntilMs === holdUntilMs) return;
    this.#book.change({ state, hold, holdUntilMs });
    this.#recorder.note();
  }

  /** No further nodes are asked. */
  #end({ never, fault }: Extract<Step, { kind: 'stop' }>): void {
    this.#isEnding = true;
    this.#fault = fault;
    const rest = this.#book.skipRest(never);
    this.#book.change({ state: 'stopping', hold: null, holdUntilMs: null, fault });
    this.#note(this.#tools.announcer.stopping(this.#book.summary), {
      states: rest.map((identity) => ({ identity, state: never })),
    });
    if (never !== 'cancelled') return;
    this.#limits = { ...this.#limits, isCalledOff: true };
    const away = this.#book.endWaiting(this.#now());
    this.#recorder.note({ states: away.map((identity) => ({ identity, state: 'sent' as const })) });
    const missing = this.#book.missing();
    if (missing.length > 0) this.#courier.cancel(missing);
  }

  /** The time until when the run is wanted is over before the turn of these nodes. */
  #expireRest(): void {
    this.#isEnding = true;
    const rest = this.#book.skipRest('expired');
    this.#recorder.note({ states: rest.map((identity) => ({ identity, state: 'expired' as const })) });
  }

  async #ask({ count, beginsBatch }: Extract<Step, { kind: 'ask' }>): Promise<number> {
    const nowMs = this.#now();
    const { untilMs } = this.#limits;
    if (untilMs !== null && nowMs >= untilMs) {
      this.#expireRest();
      return 0;
    }
    if (!this.#courier.isUp) {
      this.#show('running', 'broker');
      return untilMs ?? Infinity;
    }
    if (!(await this.#hasLock())) {
      this.#show('running', 'lock');
      return nowMs + againMs;
    }
    this.#show('running', null);
    const isBroadcast = this.#isBroadcast();
    if (beginsBatch) this.#progressed({ batchFrom: this.#book.asked, sleepUntilMs: null });
    const identities = this.#book.ask(count, nowMs);
    this.#answersUntilMs = deadlineOf(nowMs, this.#limits) + this.#limits.executionMs + tellWithinMs;
    this.#recorder.note({
      deliveries: this.#book.deliveries(identities),
      answersUntilMs: this.#run.order.selection.noResults === true ? null : this.#answersUntilMs,
      ...(this.#progress === null ? {} : { progress: this.#progress }),
    });
    // Nothing is sent before it is stored that it is going to be.
    await this.#recorder.drain();
    if (!this.#isOver()) void this.#publish(identities, isBroadcast ? nowMs : null);
    return 0;
  }

  /**
   * Publishes as soon as answers can be heard; by one message when it is said since when that counts. Time passes for the nodes
   * meanwhile: a broker may take as long as it likes. Never rejects.
   */
  async #publish(identities: readonly string[], broadcastFromMs: number | null): Promise<void> {
    try {
      const fault = await this.#openCourier();
      this.#fatal ??= fault;
    } catch (thrown) {
      this.#fatal ??= faultFrom(thrown);
      this.#tools.effects.logger.error({ err: thrown, runId: this.#run.summary.runId }, 'a run broke off');
    }
    if (!this.#isOver() && this.#fatal === null) {
      // Of a run that was called off, or has ended meanwhile, it is decided node by node what is withheld.
      const isWanted = !this.#limits.isCalledOff && this.#book.summary.finishedAtMs === null;
      if (broadcastFromMs !== null && isWanted) this.#courier.broadcast(broadcastFromMs);
      else this.#courier.send(identities);
    }
    this.#stir();
  }

  #progressed(changes: Partial<RunProgress>): void {
    if (this.#progress !== null) this.#progress = { ...this.#progress, ...changes };
  }

  /** Errors that come of letting the run go are none. */
  async #openCourier(): Promise<Fault | null> {
    const opened = await this.#courier.open();
    return opened.ok || this.#isOver() ? null : opened.error;
  }

  async #hasLock(): Promise<boolean> {
    if (this.#lock === null) return true;
    const held = await this.#lock.acquire();
    if (!held.ok && errorCatalogue[held.error.code].retry === 'never') this.#fatal ??= held.error;
    return held.ok;
  }

  /** Only all of the nodes that a broadcast found may be asked by another; any other choice is for these nodes and no others. */
  #isBroadcast(): boolean {
    const { filter, selection } = this.#run.order;
    const { delivery } = this.#run;
    return (
      filter !== null &&
      // What is sealed is sealed to one node.
      !hasSecrets(this.#run.order) &&
      this.#progress?.method === 'broadcast' &&
      selection.limit === undefined &&
      selection.batch === undefined &&
      selection.rollout === undefined &&
      selection.untilMs === undefined &&
      delivery !== 'directed' &&
      (delivery === 'broadcast' || this.#book.total > broadcastAbove)
    );
  }

  async #finish(fault: Fault | null): Promise<void> {
    await this.#courier.drain();
    const lost = this.#book.giveUp();
    const state = endOf(fault);
    const finishedAtMs = this.#now();
    this.#book.change({ state, hold: null, holdUntilMs: null, fault, isConducted: false, finishedAtMs });
    this.#note(this.#tools.announcer.ended(this.#book.summary), {
      states: lost.map((identity) => ({ identity, state: this.#book.stateOf(identity) })),
      answersUntilMs: this.#mayGetAnswers() ? this.#answersUntilMs : null,
    });
    await this.#recorder.drain();
  }

  /** Notes changes with what is to be told of them. */
  #note(notifications: readonly QueuedNotification[], changes: Omit<RunChanges, 'summary'>): void {
    const isTold = notifications.length > 0;
    this.#recorder.note({ ...changes, notifications }, isTold ? () => this.#tools.announcer.queued() : undefined);
  }

  #mayGetAnswers(): boolean {
    return this.#run.order.selection.noResults !== true && this.#book.missing().length > 0;
  }

  async #awaitLate(): Promise<void> {
    if (this.#mayGetAnswers()) {
      const fault = await this.#openCourier();
      if (fault !== null || this.#isOver()) return;
      if (this.#run.summary.finishedAtMs !== null) this.#courier.takeOver();
      const caughtUpAtMs = this.#now() + catchUpMs;
      while (!this.#isOver() && this.#mayGetAnswers() && this.#now() < (this.#answersUntilMs ?? 0)) {
        this.#passTime();
        if (this.#now() >= caughtUpAtMs) this.#caughtUp.resolve(undefined);
        await this.#sleep(this.#now() < caughtUpAtMs ? caughtUpAtMs : (this.#answersUntilMs ?? 0));
      }
      if (this.#isOver()) return;
      this.#recorder.note({ answersUntilMs: null });
    } else if (this.#courier.isOpen && this.#isBroadcast()) {
      await this.#awaitStrangers();
    }
    await this.#courier.end();
  }

  /** Answers of nodes that were not expected come within some seconds, or are not worth a queue. */
  async #awaitStrangers(): Promise<void> {
    const untilMs = this.#now() + strangersMs;
    while (!this.#isOver() && this.#now() < untilMs) {
      this.#passTime();
      await this.#sleep(untilMs);
    }
  }

  /** Until something happens, time brings something, or `untilMs`. */
  async #sleep(untilMs: number): Promise<void> {
    const ms = Math.min(untilMs, this.#book.quietUntilMs) - this.#now();
    if (!this.#isAwake && ms > 0) await this.#pause(Math.min(ms, longestSleepMs));
    this.#isAwake = false;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = this.#tools.effects.startTimer(ms, resolve);
      this.#wake = () => {
        stopTimer();
        resolve();
      };
      if (this.#letGo.signal.aborted) this.#wake();
    });
  }

  #stir(): void {
    this.#isAwake = true;
    this.#wake();
    const { wish } = this.#wishes.wanted;
    if (wish === 'stop' || wish === 'cancel') this.#discovering.abort();
  }

  async #pauseStoring(fault: Fault): Promise<boolean> {
    const { effects } = this.#tools;
    effects.logger.error(
      { code: fault.code, runId: this.#run.summary.runId },
      `a run cannot be stored: ${fault.message}`,
    );
    if (this.#letGo.signal.aborted) return false;
    // Answers wait with the broker meanwhile, because nobody acknowledges them.
    const { summary } = this.#book;
    // What is not stored is not final.
    const open =
      summary.finishedAtMs === null ? {} : ({ state: 'running', finishedAtMs: null, isConducted: true } as const);
    this.#onChange({ ...summary, ...open, hold: 'storage', holdUntilMs: null });
    await new Promise<void>((resolve) => {
      const stopTimer = effects.startTimer(againMs, resolve);
      this.#letGo.signal.addEventListener('abort', () => {
        stopTimer();
        resolve();
      });
    });
    return !this.#letGo.signal.aborted;
  }
}
