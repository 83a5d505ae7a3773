import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import { errorCatalogue, fail, faultFrom, type Fault } from '@muster/protocol/errors';
import type { NodeState, RunHold } from '@muster/protocol/run';
import type { Effects } from '../effects.ts';
import type { Discovered, Targets } from '../engine/parts/discovery.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';
import type { Announcer } from '../notify/index.ts';
import type { Converse } from '../requests/index.ts';
import type { Recipients } from '../sealing/index.ts';
import type { ClaimedRun, QueuedNotification, RunChanges, RunKeeper, RunWriter } from '../storage/index.ts';
import { isBroadcast } from './broadcast.ts';
import { Courier } from './courier.ts';
import { Course } from './course.ts';
import { findNodes } from './find-nodes.ts';
import type { Delivery } from './keep-order.ts';
import { LateAnswers } from './late-answers.ts';
import { deadlineOf, limitsOf, type RunLimits } from './limits.ts';
import { pause } from './pause.ts';
import { endOf, type Step } from './plan.ts';
import type { PreparedOrder } from './prepare-order.ts';
import { RunBook } from './run-book.ts';
import { RunLock } from './run-lock.ts';
import { RunRecorder } from './run-recorder.ts';
import { Sleeper } from './sleeper.ts';
import { WishWatch } from './wish-watch.ts';

/** Between two attempts to write what the database refused, or to get a lock, in milliseconds. */
const againMs = 1000;

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
  readonly #course: Course;
  readonly #sleeper: Sleeper;
  readonly #late: LateAnswers;
  readonly #wishes: WishWatch;
  readonly #lock: RunLock | null;
  readonly #onChange: (summary: RunSummary) => void;
  readonly #letGo = new AbortController();
  readonly #discovering = new AbortController();
  #limits: RunLimits;
  #answersUntilMs: number | null;
  /** No further nodes are asked. */
  #isEnding: boolean;
  #fault: Fault | null;
  /** Why the lock can never be had. */
  #lockFault: Fault | null = null;

  constructor(run: ConductedRun, tools: ConductorTools, listeners: Listeners) {
    const { summary, order, wanted } = run;
    this.#run = run;
    this.#tools = tools;
    this.#onChange = listeners.onChange;
    this.#book = new RunBook(summary, run);
    this.#answersUntilMs = run.answersUntilMs;
    this.#course = new Course(order.selection, this.#book.total, run.progress);
    this.#sleeper = new Sleeper(tools.effects);
    this.#isEnding = summary.state === 'stopping';
    this.#fault = summary.fault === null ? null : fail(summary.fault.code, summary.fault.message).error;
    this.#limits = limitsOf(order, isCalledOff(run));
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
      hasInputs: run.hasInputs,
      limits: this.#limits,
      book: this.#book,
      recorder: this.#recorder,
      tools,
      signal: this.#letGo.signal,
      hooks: { onNews: () => this.#stir(), onResult: listeners.onResult },
    });
    this.#late = new LateAnswers({
      book: this.#book,
      recorder: this.#recorder,
      courier: this.#courier,
      sleeper: this.#sleeper,
      clock: tools.effects.clock,
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
    if (!this.#courier.isOver()) await this.#finish(fault);
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
      await this.#late.take({
        limits: this.#limits,
        answersUntilMs: this.#answersUntilMs ?? 0,
        isTakenOver: this.#run.summary.finishedAtMs !== null,
        hasStrangers: this.#isBroadcast(),
      });
    } catch (thrown) {
      this.#tools.effects.logger.error({ err: thrown, runId: this.#run.summary.runId }, 'late answers broke off');
    }
    await this.#courier.leave();
    await this.#courier.drain();
    await this.#recorder.drain();
    const { store, consoleId } = this.#tools;
    if (this.#recorder.lost === null) await store.releaseRun(this.#run.summary.runId, consoleId);
  }

  /** Resolves when what has come for a final run so far is stored. */
  async caughtUp(): Promise<RunSummary> {
    await this.#late.caughtUp;
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

  #now(): number {
    return this.#tools.effects.clock();
  }

  /** Resolves with why the run ends as it does; null for a good end. */
  async #toTheEnd(): Promise<Fault | null> {
    const resumed = this.#book.asked > 0;
    if (this.#book.total === 0) {
      const fault = await this.#discover();
      if (fault !== null || this.#courier.isOver()) return fault;
    }
    if (resumed) {
      const opened = await this.#courier.open();
      // Errors that come of letting the run go are none.
      if (this.#courier.isOver()) return null;
      if (!opened.ok) return opened.error;
      if (this.#wishes.wanted.wish === 'cancel') this.#courier.callOff();
      this.#courier.takeOver();
    }
    while (!this.#courier.isOver()) {
      this.#courier.passTime(this.#limits);
      const step = this.#nextStep();
      const untilMs = await this.#take(step);
      const fatal = this.#courier.fatal ?? this.#lockFault;
      if (fatal !== null) return fatal;
      if (this.#isComplete(step)) return this.#fault;
      await this.#sleeper.sleep(Math.min(untilMs, this.#book.quietUntilMs));
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
    if (this.#courier.isOver()) return null;
    const { wish } = this.#wishes.wanted;
    if (wish === 'cancel') return fail('run.cancelled', 'The run was cancelled before its nodes were known').error;
    if (wish === 'stop') return fail('run.stopped', 'The run was stopped before its nodes were known').error;
    if (!found.ok) return found.error;
    return this.#expect(found.value);
  }

  #expect({ identities, durationMs, method }: Discovered): Fault | null {
    this.#book.expect(identities, durationMs);
    if (identities.length === 0)
      return { code: 'run.no_targets', message: 'No request sent, we did not discover any nodes.' };
    this.#course.begin(identities.length, method);
    this.#recorder.note({ expected: identities, ...this.#course.stored });
    return null;
  }

  /** Null when there is nothing left to decide. */
  #nextStep(): Step | null {
    const { wanted } = this.#wishes;
    const cancels = wanted.wish === 'cancel' && !this.#limits.isCalledOff;
    return this.#isEnding && !cancels ? null : this.#course.next(this.#book, wanted, this.#now());
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
        this.#advance({ sleepUntilMs: step.untilMs });
        return 0;
      case 'canary_passed':
        this.#advance({ canaryPassed: true, batchFrom: this.#book.asked });
        return 0;
      case 'stop':
        this.#end(step);
        return 0;
      case 'ask':
        return this.#ask(step);
    }
  }

  #advance(changes: Parameters<Course['advance']>[0]): void {
    this.#course.advance(changes);
    this.#recorder.note(this.#course.stored);
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
    this.#courier.cancel(this.#book.missing());
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
    if (beginsBatch) this.#course.advance({ batchFrom: this.#book.asked, sleepUntilMs: null });
    const identities = this.#book.ask(count, nowMs);
    this.#answersUntilMs = deadlineOf(nowMs, this.#limits) + this.#limits.executionMs + tellWithinMs;
    this.#recorder.note({
      deliveries: this.#book.deliveries(identities),
      answersUntilMs: this.#run.order.selection.noResults === true ? null : this.#answersUntilMs,
      ...this.#course.stored,
    });
    // Nothing is sent before it is stored that it is going to be.
    await this.#recorder.drain();
    if (!this.#courier.isOver()) void this.#courier.send(identities, isBroadcast ? nowMs : null);
    return 0;
  }

  async #hasLock(): Promise<boolean> {
    if (this.#lock === null) return true;
    const held = await this.#lock.acquire();
    if (!held.ok && errorCatalogue[held.error.code].retry === 'never') this.#lockFault = held.error;
    return held.ok;
  }

  #isBroadcast(): boolean {
    const { order, delivery } = this.#run;
    return isBroadcast(order, delivery, { method: this.#course.method, total: this.#book.total });
  }

  async #finish(fault: Fault | null): Promise<void> {
    await this.#courier.drain();
    const lost = this.#book.giveUp();
    const state = endOf(fault);
    const finishedAtMs = this.#now();
    this.#book.change({ state, hold: null, holdUntilMs: null, fault, isConducted: false, finishedAtMs });
    this.#note(this.#tools.announcer.ended(this.#book.summary), {
      states: lost.map((identity) => ({ identity, state: this.#book.stateOf(identity) })),
      answersUntilMs: this.#book.mayGetAnswers ? this.#answersUntilMs : null,
    });
    await this.#recorder.drain();
  }

  /** Notes changes with what is to be told of them. */
  #note(notifications: readonly QueuedNotification[], changes: Omit<RunChanges, 'summary'>): void {
    const isTold = notifications.length > 0;
    this.#recorder.note({ ...changes, notifications }, isTold ? () => this.#tools.announcer.queued() : undefined);
  }

  #stir(): void {
    this.#sleeper.wake();
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
    return pause(effects.startTimer, againMs, this.#letGo.signal);
  }
}
