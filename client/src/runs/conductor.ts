import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import { waitUntilUp } from '../connection/index.ts';
import { batchCount } from '../discovery/index.ts';
import type { Effects } from '../effects.ts';
import type { Discovered, EngineRunOrder, Targets } from '../engine/engine.ts';
import { publishDirected, type Conversation, type Converse, type VerifiedReply } from '../requests/index.ts';
import type { RunWriter } from '../storage/index.ts';
import { LiveRun, statesToGiveUp } from './live-run.ts';
import type { PreparedOrder } from './prepare-order.ts';
import { RunRecorder } from './run-recorder.ts';

/**
 * From more than this many discovered nodes on, one broadcast is sent instead of one request to each. MCollective's
 * `direct_addressing_threshold` is 10; see docs/adr/0009-direct-or-broadcast.md for the measurement behind this one.
 */
const broadcastAbove = 200;

/** How long answers are still taken after the end of a run, in milliseconds; then its queue is deleted. */
const lateMs = 10_000;

/** Between two attempts to write what the database refused, in milliseconds. */
const storeAgainMs = 1000;

export interface ConductorTools {
  readonly converse: Converse;
  readonly targets: Targets;
  readonly store: RunWriter;
  readonly effects: Pick<Effects, 'bus' | 'clock' | 'startTimer' | 'logger'>;
}

/** Takes one stored run from discovery to its last answer. */
export class Conductor {
  readonly #order: PreparedOrder;
  readonly #extras: Pick<EngineRunOrder, 'discovered' | 'delivery'>;
  readonly #tools: ConductorTools;
  readonly #run: LiveRun;
  readonly #recorder: RunRecorder;
  readonly #onResult: (result: ResultDetail) => void;
  readonly #stopped = new AbortController();
  readonly #stopFault: Fault = { code: 'run.interrupted', message: 'Muster was closed before the run had ended' };
  #settle: () => void = () => undefined;
  #stopLate: () => void = () => undefined;
  #conversation: Conversation | null = null;

  constructor(
    summary: RunSummary,
    order: PreparedOrder,
    extras: Pick<EngineRunOrder, 'discovered' | 'delivery'>,
    tools: ConductorTools,
    listeners: { onChange: (summary: RunSummary) => void; onResult: (result: ResultDetail) => void },
  ) {
    this.#order = order;
    this.#extras = extras;
    this.#tools = tools;
    this.#run = new LiveRun(summary);
    this.#onResult = listeners.onResult;
    this.#recorder = new RunRecorder({
      store: tools.store,
      summary: () => this.#run.summary,
      onStored: listeners.onChange,
      pause: (fault) => this.#pauseStoring(fault),
    });
  }

  /** Resolves with the final summary once it is stored. Never rejects. */
  async conduct(): Promise<RunSummary> {
    let fault: Fault | null;
    try {
      fault = await this.#toTheEnd();
    } catch (thrown) {
      fault = faultFrom(thrown);
      this.#tools.effects.logger.error({ err: thrown, runId: this.#run.summary.runId }, 'a run broke off');
    }
    this.#run.finish(this.#tools.effects.clock(), this.#stopped.signal.aborted ? this.#stopFault : fault);
    this.#recorder.note({ moves: [{ from: statesToGiveUp(this.#run.summary), to: 'no_answer' }] });
    const lost = await this.#recorder.drain();
    if (lost !== null) this.#run.finish(this.#tools.effects.clock(), lost);
    return this.#run.summary;
  }

  /** Waits for late answers, then deletes the queue. Resolves when nothing of the run is left open. */
  async linger(): Promise<void> {
    if (this.#conversation === null) return;
    if (!this.#isSilent && !this.#stopped.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        this.#stopLate = this.#tools.effects.startTimer(lateMs, resolve);
      });
      this.#stopLate();
    }
    await this.#conversation.end();
    await this.#recorder.drain();
  }

  /** Ends whatever is under way now. */
  stop(): void {
    this.#stopped.abort();
    this.#settle();
  }

  async #toTheEnd(): Promise<Fault | null> {
    const targets = await this.#findTargets();
    if (!targets.ok) return targets.error;
    const { identities, durationMs } = targets.value;
    if (this.#stopped.signal.aborted) return this.#stopFault;
    if (identities.length === 0) {
      this.#run.expect([], durationMs);
      return { code: 'run.no_targets', message: 'No request sent, we did not discover any nodes.' };
    }
    this.#run.expect(identities, durationMs);
    this.#recorder.note({ expected: identities });
    const lost = await this.#recorder.drain();
    if (lost !== null) return lost;
    const conversation = await this.#openConversation();
    if (!conversation.ok) return conversation.error;
    this.#conversation = conversation.value;
    return this.#askAll(conversation.value, targets.value);
  }

  async #askAll(conversation: Conversation, targets: Discovered): Promise<Fault | null> {
    const isBroadcast = this.#isBroadcast(targets);
    const batches = this.#batchesOf(targets.identities);
    for (const [index, batch] of batches.entries()) {
      if (index > 0) await this.#sleepBetween();
      if (this.#stopped.signal.aborted) return this.#stopFault;
      this.#run.sending(batch, this.#tools.effects.clock());
      const sent = isBroadcast ? await this.#broadcast(conversation) : await this.#sendToEach(conversation, batch);
      if (!sent.ok) return sent.error;
      if (this.#isSilent) continue;
      await this.#awaitAnswers();
      if (index + 1 < batches.length) this.#giveUp(batch);
    }
    return null;
  }

  /** Whether nobody shall answer. */
  get #isSilent(): boolean {
    return this.#order.selection.noResults === true;
  }

  #batchesOf(identities: readonly string[]): readonly (readonly string[])[] {
    const { batch } = this.#order.selection;
    if (batch === undefined) return [identities];
    const size = batchCount(batch.size, identities.length);
    const count = Math.ceil(identities.length / size);
    return Array.from({ length: count }, (_unused, index) => identities.slice(index * size, (index + 1) * size));
  }

  async #sleepBetween(): Promise<void> {
    const { signal } = this.#stopped;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = () => resolve(undefined);
    const stopTimer = this.#tools.effects.startTimer(this.#order.selection.batch?.sleepMs ?? 0, wake);
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
    await promise;
    stopTimer();
    signal.removeEventListener('abort', wake);
  }

  #giveUp(batch: readonly string[]): void {
    const silent = this.#run.giveUp(batch);
    this.#recorder.note({ states: silent.map((identity) => ({ identity, state: 'no_answer' })) });
  }

  async #findTargets(): Promise<Result<Discovered>> {
    const { resolved, agent, collective, discoveryTimeoutMs, selection } = this.#order;
    const { limit, discovery } = selection;
    if (this.#extras.discovered !== undefined) return ok(this.#extras.discovered);
    let found = 0;
    const onNode = () => {
      this.#run.found(++found);
      this.#recorder.note();
    };
    return this.#tools.targets.find(resolved, {
      agent,
      collective,
      ...(discovery === undefined ? {} : { choice: discovery }),
      ...(limit === undefined ? {} : { limit }),
      ...(discoveryTimeoutMs === undefined ? {} : { timeoutMs: discoveryTimeoutMs }),
      signal: this.#stopped.signal,
      ...(resolved.filter === null ? {} : { onNode }),
    });
  }

  #openConversation(): Promise<Result<Conversation>> {
    const { collective, agent, action, inputs, filter, ttlMs } = this.#order;
    return this.#tools.converse({
      requestId: this.#run.summary.runId,
      collective,
      agent,
      action: action.name,
      inputs,
      filter: filter === null ? '' : printFilter(filter),
      ttlMs,
      onReply: this.#isSilent ? null : (reply) => this.#take(reply),
    });
  }

  /** Only all of the nodes that a broadcast found may be asked by another; any other choice is for these nodes and no others. */
  #isBroadcast({ identities, method }: Discovered): boolean {
    const { filter, selection } = this.#order;
    return (
      filter !== null &&
      method === 'broadcast' &&
      selection.limit === undefined &&
      selection.batch === undefined &&
      this.#extras.delivery !== 'directed' &&
      (this.#extras.delivery === 'broadcast' || identities.length > broadcastAbove)
    );
  }

  async #broadcast(conversation: Conversation): Promise<Result<void>> {
    const sent = await conversation.broadcast();
    if (!sent.ok) return sent;
    this.#run.allSent();
    this.#recorder.note({ moves: [{ from: ['queued'], to: 'sent' }] });
    return sent;
  }

  #sendToEach(conversation: Conversation, identities: readonly string[]): Promise<Result<void>> {
    const { bus, startTimer } = this.#tools.effects;
    return publishDirected(
      identities,
      (identity) =>
        this.#stopped.signal.aborted
          ? Promise.resolve(fail('run.interrupted', this.#stopFault.message))
          : conversation.direct(identity),
      (identity, state) => {
        if (this.#run.sent(identity, state)) this.#recorder.note({ states: [{ identity, state }] });
      },
      async () => (await waitUntilUp(bus, startTimer, this.#order.timeoutMs, this.#stopped.signal)).ok,
    );
  }

  #take(reply: VerifiedReply): void {
    const wasFinal = this.#run.isFinal;
    const result = this.#run.take(reply);
    if (result === null) {
      reply.acknowledge();
      return;
    }
    this.#recorder.note({ answers: [{ ...result, data: JSON.stringify(result.data) }] }, () => reply.acknowledge());
    this.#onResult(result);
    if (!wasFinal && this.#run.isBatchComplete) this.#settle();
  }

  async #awaitAnswers(): Promise<void> {
    if (this.#run.isBatchComplete || this.#stopped.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const stopTimer = this.#tools.effects.startTimer(this.#order.timeoutMs, resolve);
      this.#settle = () => {
        stopTimer();
        resolve();
      };
    });
  }

  async #pauseStoring(fault: Fault): Promise<boolean> {
    const { logger, startTimer } = this.#tools.effects;
    logger.error({ code: fault.code, runId: this.#run.summary.runId }, `a run cannot be stored: ${fault.message}`);
    if (this.#stopped.signal.aborted) return false;
    await new Promise<void>((resolve) => {
      startTimer(storeAgainMs, resolve);
    });
    return !this.#stopped.signal.aborted;
  }
}
