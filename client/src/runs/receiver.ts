import type { ResultDetail } from '@muster/protocol/bridge';
import type { Notice } from '@muster/protocol/messages';
import type { Effects } from '../effects.ts';
import type { DeadCopy, VerifiedReply } from '../requests/index.ts';
import { evidence } from './evidence.ts';
import type { RunBook } from './run-book.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { SecretInputs } from './secret-inputs.ts';

export interface RunHooks {
  /** Something happened. */
  readonly onNews: () => void;
  readonly onResult: (result: ResultDetail) => void;
}

/** Takes what comes back of one run's requests into the book, and to the database. */
export class Receiver {
  readonly #book: RunBook;
  readonly #recorder: RunRecorder;
  readonly #secrets: SecretInputs;
  readonly #keepsEvidence: boolean;
  readonly #clock: Effects['clock'];
  readonly #hooks: RunHooks;

  constructor(options: {
    book: RunBook;
    recorder: RunRecorder;
    secrets: SecretInputs;
    keepsEvidence: boolean;
    clock: Effects['clock'];
    hooks: RunHooks;
  }) {
    this.#book = options.book;
    this.#recorder = options.recorder;
    this.#secrets = options.secrets;
    this.#keepsEvidence = options.keepsEvidence;
    this.#clock = options.clock;
    this.#hooks = options.hooks;
  }

  /** A node answered; the broker may forget the answer once it is stored. */
  take(reply: VerifiedReply): void {
    const { sender, outcome } = reply.reply;
    if (outcome === 'refused') this.#secrets.refused(sender);
    const result = this.#book.take(reply);
    if (result === null) {
      reply.acknowledge();
      return;
    }
    this.#recorder.note(
      {
        answers: [{ ...result, data: JSON.stringify(result.data) }],
        signed: evidence(this.#keepsEvidence, 'reply', result.identity, reply.frame),
      },
      () => reply.acknowledge(),
    );
    this.#hooks.onResult(result);
    this.#hooks.onNews();
  }

  /** A node says that it has the request. */
  heed(notice: Notice, arrivedAtMs: number): void {
    if (!this.#book.heed(notice, arrivedAtMs)) return;
    this.#noteState(notice.sender);
  }

  /** A copy came back undelivered; the broker may forget it once that is stored. */
  takeBack(copy: DeadCopy, acknowledge: () => void): void {
    const { identity } = copy;
    const before = this.#book.stateOf(identity);
    if (!this.#book.returned(copy)) {
      acknowledge();
      return;
    }
    // By the broker's clock the time is over, whatever ours says: the node can be asked what became of it.
    if (before !== 'expired' && this.#book.stateOf(identity) === 'expired') this.#book.hurry(identity, this.#clock());
    this.#noteState(identity, acknowledge);
  }

  /** A node was told that the request is called off, and will never carry it out. */
  letBe(identity: string): void {
    if (this.#book.letBe(identity)) this.#noteState(identity);
  }

  #noteState(identity: string, stored?: () => void): void {
    const states = [{ identity, state: this.#book.stateOf(identity) }];
    this.#recorder.note({ states, deliveries: this.#book.deliveries([identity]) }, stored);
    this.#hooks.onNews();
  }
}
