import type { ResultDetail } from '@muster/protocol/bridge';
import { errorCatalogue, fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import type { Notice } from '@muster/protocol/messages';
import { waitUntilUp } from '../connection/index.ts';
import type { Effects } from '../effects.ts';
import {
  publishCopies,
  type Conversation,
  type Converse,
  type DeadCopy,
  type Published,
  type Validity,
  type VerifiedReply,
} from '../requests/index.ts';
import type { Recipients } from '../sealing/index.ts';
import type { SignedMessage } from '../storage/index.ts';
import { cancelOnNodes } from './cancel-nodes.ts';
import { deadlineOf, isHarmless, type RunLimits } from './limits.ts';
import { splitInputs, type PreparedOrder } from './prepare-order.ts';
import type { RunBook } from './run-book.ts';
import type { RunRecorder } from './run-recorder.ts';

/** How long the broker keeps the queue of answers beyond the time in which nodes answer, in milliseconds: they tell unsent outcomes when they start. */
const keepQueueMs = 3_600_000;

/** How long answers that wait in the queue may take to come, before those that are missing are asked for again, in milliseconds. */
const settleMs = 1000;

/** How long a broker is waited for at a time, in milliseconds. */
const brokerMs = 60_000;

export interface CourierTools {
  readonly converse: Converse;
  readonly recipients: Recipients;
  /** Whether what was signed is kept. */
  readonly keepsEvidence: boolean;
  readonly effects: Pick<Effects, 'bus' | 'clock' | 'startTimer' | 'randomBytes' | 'logger'>;
}

export interface CourierHooks {
  /** Something happened. */
  readonly onNews: () => void;
  readonly onResult: (result: ResultDetail) => void;
  /** Nothing can be sent, now or ever. */
  readonly onFatal: (fault: Fault) => void;
}

/** Carries one run's requests to its nodes, and takes what comes back. What it learns goes into the book, and to the database. */
export class Courier {
  readonly #runId: string;
  readonly #order: PreparedOrder;
  #limits: RunLimits;
  readonly #book: RunBook;
  readonly #recorder: RunRecorder;
  readonly #tools: CourierTools;
  readonly #hooks: CourierHooks;
  /** Aborted when this console lets the run go. */
  readonly #signal: AbortSignal;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopListening: () => void;
  readonly #inputs: ReturnType<typeof splitInputs>;
  /** To what the sensitive inputs are sealed, by node. */
  readonly #recipients = new Map<string, string>();
  #conversation: Conversation | null = null;
  #opening: Promise<Result<void>> | null = null;
  #telling = new AbortController();

  constructor(options: {
    runId: string;
    order: PreparedOrder;
    limits: RunLimits;
    book: RunBook;
    recorder: RunRecorder;
    tools: CourierTools;
    hooks: CourierHooks;
    signal: AbortSignal;
  }) {
    this.#runId = options.runId;
    this.#order = options.order;
    this.#inputs = splitInputs(options.order);
    this.#limits = options.limits;
    this.#book = options.book;
    this.#recorder = options.recorder;
    this.#tools = options.tools;
    this.#hooks = options.hooks;
    this.#signal = options.signal;
    this.#stopListening = options.tools.effects.bus.onState(({ status }) => {
      if (status === 'up') this.#hurry();
      this.#hooks.onNews();
    });
  }

  /** Whether answers can be heard. */
  get isOpen(): boolean {
    return this.#conversation !== null;
  }

  get #hasSecrets(): boolean {
    return Object.keys(this.#inputs.secret).length > 0;
  }

  get isUp(): boolean {
    return this.#tools.effects.bus.state.status === 'up';
  }

  /** Listens to answers, as soon as the broker can be reached. Errors: those that no waiting mends, `run.interrupted` when the run is let go. */
  open(): Promise<Result<void>> {
    if (this.#conversation !== null) return Promise.resolve(ok(undefined));
    this.#opening ??= this.#converse().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #converse(): Promise<Result<void>> {
    const { collective, agent, action, filter, ttlMs, executionMs } = this.#order;
    const isSilent = this.#order.selection.noResults === true;
    for (;;) {
      if (this.#signal.aborted) return fail('run.interrupted', 'Muster was closed before the run had ended');
      const opened = await this.#tools.converse({
        requestId: this.#runId,
        collective,
        agent,
        action: action.name,
        inputs: this.#inputs.plain,
        ...(this.#hasSecrets
          ? { secrets: { inputs: this.#inputs.secret, recipientOf: (identity) => this.#recipients.get(identity) } }
          : {}),
        filter: filter === null ? '' : printFilter(filter),
        ttlMs,
        keepQueueMs: ttlMs + executionMs + keepQueueMs,
        onReply: isSilent ? null : (reply) => this.#take(reply),
        onNotice: (notice, arrivedAtMs) => this.#heed(notice, arrivedAtMs),
        onDead: (copy, acknowledge) => this.#takeBack(copy, acknowledge),
        onQueueLost: () => this.#hurry(),
        onSigned: ({ target }, frame) => this.#recorder.note({ signed: this.#signed('request', target, frame) }),
      });
      if (opened.ok) {
        this.#conversation = opened.value;
        return ok(undefined);
      }
      if (errorCatalogue[opened.error.code].retry === 'never') return opened;
      if (!(await this.#whenUp())) return opened;
      if (this.isUp) await this.#pause(settleMs);
    }
  }

  /**
   * Goes on with a run that another console left: what was never confirmed is published, what is missing is asked for once more. What
   * is called off is not published: its nodes are told so once more.
   */
  takeOver(): void {
    this.#hurry();
    if (this.#limits.isCalledOff) {
      // The broker may have it without having said so.
      for (const identity of this.#book.unpublished()) this.#published(identity, 'sent');
      return;
    }
    this.#publish(this.#book.unpublished());
  }

  /** Publishes to nodes that were noted as asked, one by one. */
  send(identities: readonly string[]): void {
    this.#publish(identities);
  }

  /** Publishes to all of them by one message. */
  broadcast(issuedAtMs: number): void {
    const conversation = this.#conversation;
    if (conversation === null) return;
    this.#keep(
      publishCopies({
        identities: [''],
        direct: () => conversation.broadcast(this.#validity(issuedAtMs)),
        isWanted: () => !this.#signal.aborted,
        onPublished: (_all, how) => {
          if (how !== 'sent') return;
          for (const identity of this.#book.unpublished()) this.#book.published(identity, 'sent');
          this.#recorder.note({ moves: [{ from: ['queued'], to: 'sent' }] });
          this.#hooks.onNews();
        },
        onUnconfirmed: () => Promise.resolve(true),
        whenUp: () => this.#whenUp(),
        pause: (ms) => this.#pause(ms),
      }),
    );
  }

  /** Publishes to nodes once more; those in which a copy could start what is called off are told so instead. */
  repeat(identities: readonly string[]): void {
    const copied = identities.filter((identity) => this.#isHarmless(identity));
    if (copied.length > 0) this.#keep(this.#copy(copied));
    this.#tell(identities.filter((identity) => !this.#isHarmless(identity)));
  }

  /** From now on no copy may be what starts the action. */
  callOff(): void {
    this.#limits = { ...this.#limits, isCalledOff: true };
  }

  /** Asks nodes that have the request to let it be. */
  cancel(identities: readonly string[]): void {
    this.callOff();
    this.#tell(identities);
  }

  #isHarmless(identity: string): boolean {
    const node = this.#book.deliveryOf(identity);
    return node !== undefined && isHarmless(node, this.#limits, this.#tools.effects.clock());
  }

  #tell(identities: readonly string[]): void {
    if (identities.length === 0) return;
    this.#book.remind(identities);
    const { clock } = this.#tools.effects;
    const { deliveryMs, ttlMs, untilMs } = this.#limits;
    const told = cancelOnNodes(this.#tools.converse, this.#tools.effects, {
      collective: this.#order.collective,
      runId: this.#runId,
      identities,
      timeoutMs: deliveryMs,
      leftMs: untilMs === null ? ttlMs : untilMs - clock(),
      signal: AbortSignal.any([this.#signal, this.#telling.signal]),
      onTold: (identity) => this.#book.told(identity),
      onNeverBegun: (identity) => {
        if (this.#book.letBe(identity)) this.#noteStates([identity]);
      },
    });
    this.#keep(told.then(() => ok(undefined)));
  }

  /** Resolves when nothing is being published any more. What nodes say to being told is not waited for. */
  async drain(): Promise<void> {
    this.#telling.abort();
    this.#telling = new AbortController();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** No node can answer any more: deletes the queue. */
  async end(): Promise<void> {
    this.#stopListening();
    await this.#conversation?.end();
    this.#conversation = null;
  }

  /** Leaves the queue to the next conductor. */
  async leave(): Promise<void> {
    this.#stopListening();
    await this.#conversation?.leave();
    this.#conversation = null;
  }

  /** What is missing is asked for again soon: an answer, or the request, may be lost. */
  #hurry(): void {
    const nowMs = this.#tools.effects.clock();
    this.#book.renew(nowMs, nowMs + settleMs);
    this.#hooks.onNews();
  }

  #validity(issuedAtMs: number): Validity {
    return { issuedAtMs, ttlMs: Math.max(1, Math.ceil(deadlineOf(issuedAtMs, this.#limits) - issuedAtMs)) };
  }

  #direct(conversation: Conversation, identity: string): Promise<Result<void>> {
    const [delivery] = this.#book.deliveries([identity]);
    const issuedAtMs = delivery?.issuedAtMs ?? this.#tools.effects.clock();
    return conversation.direct(identity, this.#validity(issuedAtMs));
  }

  #publish(identities: readonly string[]): void {
    const conversation = this.#conversation;
    if (conversation === null || identities.length === 0) return;
    this.#keep(
      this.#hasSecrets ? this.#publishSealed(conversation, identities) : this.#publishCopies(conversation, identities),
    );
  }

  #publishCopies(conversation: Conversation, identities: readonly string[]): Promise<Result<void>> {
    return publishCopies({
      identities,
      direct: (identity) => this.#direct(conversation, identity),
      isWanted: (identity) => !this.#signal.aborted && this.#isHarmless(identity) && this.#book.isWanted(identity),
      onPublished: (identity, how) => this.#published(identity, how),
      onUnconfirmed: (identity) => this.#noteCopies([identity]),
      whenUp: () => this.#whenUp(),
      pause: (ms) => this.#pause(ms),
    });
  }

  /** Nodes of which it is known to what inputs are sealed do not wait for the others, which are asked first. */
  async #publishSealed(conversation: Conversation, identities: readonly string[]): Promise<Result<void>> {
    const { recipients } = this.#tools;
    const known = await recipients.known(identities);
    if (!known.ok) return known;
    this.#learn(known.value);
    const [sealable, others] = [
      identities.filter((identity) => known.value.has(identity)),
      identities.filter((identity) => !known.value.has(identity)),
    ];
    const published = this.#publishCopies(conversation, sealable);
    if (others.length === 0) return published;
    const asked = await this.#askForRecipients(others);
    if (!asked.ok) return asked;
    this.#learn(asked.value);
    const rest = await this.#publishCopies(conversation, others);
    const first = await published;
    return first.ok ? rest : first;
  }

  async #askForRecipients(identities: readonly string[]): ReturnType<Recipients['ask']> {
    for (;;) {
      const asked = await this.#tools.recipients.ask(identities, this.#order.collective, this.#signal);
      if (asked.ok || errorCatalogue[asked.error.code].retry === 'never' || !(await this.#whenUp())) return asked;
      if (!(await this.#pause(settleMs))) return asked;
    }
  }

  #learn(recipients: ReadonlyMap<string, string>): void {
    for (const [identity, recipient] of recipients) this.#recipients.set(identity, recipient);
  }

  #published(identity: string, how: Published): void {
    // What is withheld because the run was let go is published by the next conductor.
    if (how === 'withheld' && !this.#limits.isCalledOff) return;
    const state = how === 'withheld' ? this.#withheld(identity) : how;
    if (!this.#book.published(identity, state)) return;
    this.#recorder.note({ states: [{ identity, state }] });
    this.#hooks.onNews();
  }

  /** What became of a request whose next copy is withheld: the broker may have an earlier one that it did not confirm. */
  #withheld(identity: string): 'cancelled' | 'sent' {
    return (this.#book.deliveryOf(identity)?.copies ?? 0) > 1 ? 'sent' : 'cancelled';
  }

  async #copy(identities: readonly string[]): Promise<Result<void>> {
    // Copies are counted before they are sent: one that never left counts as one that never came back.
    if (!(await this.#noteCopies(identities))) return ok(undefined);
    this.#publish(identities);
    return ok(undefined);
  }

  async #noteCopies(identities: readonly string[]): Promise<boolean> {
    this.#book.repeat(identities, this.#tools.effects.clock());
    this.#recorder.note({ deliveries: this.#book.deliveries(identities) });
    return (await this.#recorder.drain()) === null && !this.#signal.aborted;
  }

  /** What was signed, in a buffer of its own: the broker's library cuts messages out of larger ones. */
  #signed(kind: SignedMessage['kind'], identity: string | null, frame: Uint8Array): readonly SignedMessage[] {
    return this.#tools.keepsEvidence ? [{ kind, identity, frame: new Uint8Array(frame) }] : [];
  }

  #take(reply: VerifiedReply): void {
    // It may be that the node has another key now; then it is asked before the next time.
    if (this.#hasSecrets && reply.reply.outcome === 'refused') void this.#tools.recipients.forget(reply.reply.sender);
    const result = this.#book.take(reply);
    if (result === null) {
      reply.acknowledge();
      return;
    }
    this.#recorder.note(
      {
        answers: [{ ...result, data: JSON.stringify(result.data) }],
        signed: this.#signed('reply', result.identity, reply.frame),
      },
      () => reply.acknowledge(),
    );
    this.#hooks.onResult(result);
    this.#hooks.onNews();
  }

  #heed(notice: Notice, arrivedAtMs: number): void {
    if (!this.#book.heed(notice, arrivedAtMs)) return;
    this.#noteStates([notice.sender]);
  }

  #takeBack(copy: DeadCopy, acknowledge: () => void): void {
    const { identity } = copy;
    const before = this.#book.stateOf(identity);
    if (!this.#book.returned(copy)) {
      acknowledge();
      return;
    }
    // By the broker's clock the time is over, whatever ours says: the node can be asked what became of it.
    if (before !== 'expired' && this.#book.stateOf(identity) === 'expired')
      this.#book.hurry(identity, this.#tools.effects.clock());
    this.#noteStates([identity], acknowledge);
  }

  #noteStates(identities: readonly string[], stored?: () => void): void {
    const states = identities.map((identity) => ({ identity, state: this.#book.stateOf(identity) }));
    this.#recorder.note({ states, deliveries: this.#book.deliveries(identities) }, stored);
    this.#hooks.onNews();
  }

  #keep(work: Promise<Result<void>>): void {
    const kept = work
      .then((done) => {
        if (!done.ok && !this.#signal.aborted) this.#hooks.onFatal(done.error);
      })
      .finally(() => {
        this.#underWay.delete(kept);
        this.#hooks.onNews();
      });
    this.#underWay.add(kept);
  }

  /** Whether the broker can be reached again; false when it never can, or nobody waits any more. */
  async #whenUp(): Promise<boolean> {
    const { bus, startTimer } = this.#tools.effects;
    for (;;) {
      if (this.#signal.aborted) return false;
      const up = await waitUntilUp(bus, startTimer, brokerMs, this.#signal);
      if (up.ok) return true;
      if (bus.state.status === 'closed' || errorCatalogue[up.error.code].retry === 'never') return false;
      // Nodes that wait for it run out of time meanwhile.
      this.#hooks.onNews();
    }
  }

  /** False when the run was let go meanwhile. */
  #pause(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = () => {
        stopTimer();
        this.#signal.removeEventListener('abort', finish);
        resolve(!this.#signal.aborted);
      };
      const stopTimer = this.#tools.effects.startTimer(ms, finish);
      this.#signal.addEventListener('abort', finish, { once: true });
      if (this.#signal.aborted) finish();
    });
  }
}
