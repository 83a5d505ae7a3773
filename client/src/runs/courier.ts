import { errorCatalogue, fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import type { Effects } from '../effects.ts';
import { publishCopies, type Conversation, type Converse, type Published, type Validity } from '../requests/index.ts';
import type { Recipients } from '../sealing/index.ts';
import { BrokerWait } from './broker-wait.ts';
import { cancelOnNodes } from './cancel-nodes.ts';
import { evidence } from './evidence.ts';
import { deadlineOf, isHarmless, type RunLimits } from './limits.ts';
import { splitInputs, type PreparedOrder } from './prepare-order.ts';
import { Receiver, type RunHooks } from './receiver.ts';
import type { RunBook } from './run-book.ts';
import type { RunRecorder } from './run-recorder.ts';
import { SecretInputs } from './secret-inputs.ts';

/** How long the broker keeps the queue of answers beyond the time in which nodes answer, in milliseconds: they tell unsent outcomes when they start. */
const keepQueueMs = 3_600_000;

/** How long answers that wait in the queue may take to come, before those that are missing are asked for again, in milliseconds. */
const settleMs = 1000;

export interface CourierTools {
  readonly converse: Converse;
  readonly recipients: Recipients;
  /** Whether what was signed is kept. */
  readonly keepsEvidence: boolean;
  readonly effects: Pick<Effects, 'bus' | 'clock' | 'startTimer' | 'randomBytes' | 'logger'>;
}

/** Carries one run's requests to its nodes, and takes what comes back. What it learns goes into the book, and to the database. */
export class Courier {
  readonly #runId: string;
  readonly #order: PreparedOrder;
  readonly #hasInputs: boolean;
  #limits: RunLimits;
  readonly #book: RunBook;
  readonly #recorder: RunRecorder;
  readonly #tools: CourierTools;
  readonly #hooks: RunHooks;
  /** Aborted when this console lets the run go. */
  readonly #signal: AbortSignal;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopListening: () => void;
  readonly #broker: BrokerWait;
  readonly #secrets: SecretInputs;
  readonly #receiver: Receiver;
  #fatal: Fault | null = null;
  #conversation: Conversation | null = null;
  #opening: Promise<Result<void>> | null = null;
  #telling = new AbortController();

  constructor(options: {
    runId: string;
    order: PreparedOrder;
    /** False when its sensitive inputs are gone: it is not sent any more. */
    hasInputs: boolean;
    limits: RunLimits;
    book: RunBook;
    recorder: RunRecorder;
    tools: CourierTools;
    hooks: RunHooks;
    signal: AbortSignal;
  }) {
    this.#runId = options.runId;
    this.#order = options.order;
    this.#hasInputs = options.hasInputs;
    this.#limits = options.limits;
    this.#book = options.book;
    this.#recorder = options.recorder;
    this.#tools = options.tools;
    this.#hooks = options.hooks;
    this.#signal = options.signal;
    const { effects, recipients, keepsEvidence } = options.tools;
    this.#broker = new BrokerWait(effects, options.signal, options.hooks.onNews);
    this.#secrets = new SecretInputs(options.order, recipients, this.#broker, options.signal);
    this.#receiver = new Receiver({ ...options, secrets: this.#secrets, keepsEvidence, clock: effects.clock });
    this.#stopListening = effects.bus.onState(({ status }) => {
      if (status === 'up') this.#hurry();
      this.#hooks.onNews();
    });
  }

  /** Whether answers can be heard. */
  get isOpen(): boolean {
    return this.#conversation !== null;
  }

  /** Whether the broker can be reached. */
  get isUp(): boolean {
    return this.#broker.isUp;
  }

  /** Why nothing can be sent, now or ever; null while all is well. */
  get fatal(): Fault | null {
    return this.#fatal;
  }

  /** Nothing more is done for the run here: it was let go, or what becomes of it cannot be stored. */
  isOver(): boolean {
    return this.#signal.aborted || this.#recorder.lost !== null;
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
        inputs: splitInputs(this.#order).plain,
        ...this.#secrets.sealed,
        filter: filter === null ? '' : printFilter(filter),
        ttlMs,
        keepQueueMs: ttlMs + executionMs + keepQueueMs,
        onReply: isSilent ? null : (reply) => this.#receiver.take(reply),
        onNotice: (notice, arrivedAtMs) => this.#receiver.heed(notice, arrivedAtMs),
        onDead: (copy, acknowledge) => this.#receiver.takeBack(copy, acknowledge),
        onQueueLost: () => this.#hurry(),
        onSigned: ({ target }, frame) =>
          this.#recorder.note({ signed: evidence(this.#tools.keepsEvidence, 'request', target, frame) }),
      });
      if (opened.ok) {
        this.#conversation = opened.value;
        return ok(undefined);
      }
      if (errorCatalogue[opened.error.code].retry === 'never') return opened;
      if (!(await this.#broker.whenUp())) return opened;
      if (this.isUp) await this.#broker.pause(settleMs);
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

  /**
   * Publishes to nodes that were noted as asked, as soon as answers can be heard; by one message when it is said since when that counts.
   * Time passes for the nodes meanwhile: a broker may take as long as it likes. Never rejects.
   */
  async send(identities: readonly string[], broadcastFromMs: number | null): Promise<void> {
    try {
      const opened = await this.open();
      if (!opened.ok && !this.isOver()) this.#fatal ??= opened.error;
    } catch (thrown) {
      this.#fatal ??= faultFrom(thrown);
      this.#tools.effects.logger.error({ err: thrown, runId: this.#runId }, 'a run broke off');
    }
    if (!this.isOver() && this.#fatal === null) {
      // Of a run that was called off, or has ended meanwhile, it is decided node by node what is withheld.
      const isWanted = !this.#limits.isCalledOff && this.#book.summary.finishedAtMs === null;
      if (broadcastFromMs !== null && isWanted) this.#broadcast(broadcastFromMs);
      else this.#publish(identities);
    }
    this.#hooks.onNews();
  }

  /** Publishes to all of them by one message. */
  #broadcast(issuedAtMs: number): void {
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
        whenUp: () => this.#broker.whenUp(),
        pause: (ms) => this.#broker.pause(ms),
      }),
    );
  }

  /** What has become of silent nodes by now is noted; the request is repeated to those whose time for that has come. */
  passTime(limits: RunLimits): void {
    const repeats = this.#hasInputs && this.isOpen;
    const { changed, repeat } = this.#book.pass(this.#tools.effects.clock(), limits, { isBlind: !this.isUp, repeats });
    if (changed.length > 0)
      this.#recorder.note({ states: changed.map((identity) => ({ identity, state: this.#book.stateOf(identity) })) });
    if (repeat.length > 0) this.#repeat(repeat);
  }

  /** Publishes to nodes once more; those in which a copy could start what is called off are told so instead. */
  #repeat(identities: readonly string[]): void {
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
      onNeverBegun: (identity) => this.#receiver.letBe(identity),
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
      this.#secrets.isEmpty
        ? this.#publishCopies(conversation, identities)
        : this.#publishSealed(conversation, identities),
    );
  }

  #publishCopies(conversation: Conversation, identities: readonly string[]): Promise<Result<void>> {
    return publishCopies({
      identities,
      direct: (identity) => this.#direct(conversation, identity),
      isWanted: (identity) => !this.#signal.aborted && this.#isHarmless(identity) && this.#book.isWanted(identity),
      onPublished: (identity, how) => this.#published(identity, how),
      onUnconfirmed: (identity) => this.#noteCopies([identity]),
      whenUp: () => this.#broker.whenUp(),
      pause: (ms) => this.#broker.pause(ms),
    });
  }

  /** Nodes of which it is known to what inputs are sealed do not wait for the others, which are asked first. */
  async #publishSealed(conversation: Conversation, identities: readonly string[]): Promise<Result<void>> {
    const sealing = await this.#secrets.lookUp(identities);
    if (!sealing.ok) return sealing;
    const { known, unknown } = sealing.value;
    const published = this.#publishCopies(conversation, known);
    if (unknown.length === 0) return published;
    const asked = await this.#secrets.ask(unknown);
    if (!asked.ok) return asked;
    const rest = await this.#publishCopies(conversation, unknown);
    const first = await published;
    return first.ok ? rest : first;
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

  #keep(work: Promise<Result<void>>): void {
    const kept = work
      .then((done) => {
        if (!done.ok && !this.#signal.aborted) this.#fatal ??= done.error;
      })
      .finally(() => {
        this.#underWay.delete(kept);
        this.#hooks.onNews();
      });
    this.#underWay.add(kept);
  }
}
