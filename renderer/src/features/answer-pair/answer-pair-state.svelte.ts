import type { BridgeClient, ComparedSide } from '@muster/protocol/bridge';
import { ok, type Fault, type Result } from '@muster/protocol/errors';

/** Two answers of one run. */
export interface AnswerPair {
  /** What the other is held against. Null where the run has no answer yet. */
  readonly base: ComparedSide | null;
  /** How many nodes answered like the base; one for the answer of a node. */
  readonly baseNodes: number;
  readonly answer: ComparedSide;
}

type Base = Pick<AnswerPair, 'base' | 'baseNodes'>;

/** One node's answer beside that of another node, or beside what most nodes answered. */
export class AnswerPairState {
  #identity = $state.raw('');
  #base = $state.raw<string | null>(null);
  #pair = $state.raw<AnswerPair | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;
  readonly #runId: string;
  #question = 0;

  /** `base` null compares with most nodes. */
  constructor(bridge: BridgeClient, runId: string, identity: string, base: string | null) {
    this.#bridge = bridge;
    this.#runId = runId;
    this.show(identity, base);
  }

  get identity(): string {
    return this.#identity;
  }
  get base(): string | null {
    return this.#base;
  }
  /** Null until both are here. */
  get pair(): AnswerPair | null {
    return this.#pair;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  show(identity: string, base: string | null): void {
    this.#identity = identity;
    this.#base = base;
    void this.#read(++this.#question);
  }

  /** Holds the other one against this one. */
  swap(): void {
    if (this.#base !== null) this.show(this.#base, this.#identity);
  }

  async #read(question: number): Promise<void> {
    const [answer, base] = await Promise.all([
      this.#answerOf(this.#identity),
      this.#base === null ? this.#majority() : this.#baseOf(this.#base),
    ]);
    if (question !== this.#question) return;
    this.#fault = answer.ok ? (base.ok ? null : base.error) : answer.error;
    this.#pair = answer.ok && base.ok ? { ...base.value, answer: answer.value } : null;
  }

  #answerOf(identity: string): Promise<Result<ComparedSide>> {
    return this.#bridge.call('runs.result', { runId: this.#runId, identity });
  }

  async #baseOf(identity: string): Promise<Result<Base>> {
    const answer = await this.#answerOf(identity);
    return answer.ok ? ok({ base: answer.value, baseNodes: 1 }) : answer;
  }

  async #majority(): Promise<Result<Base>> {
    const all = { runId: this.#runId, states: [], search: '', ignore: [] };
    const found = await this.#bridge.call('runs.groups', { ...all, offset: 0, limit: 1 });
    if (!found.ok) return found;
    const { majority } = found.value;
    return ok({ base: majority, baseNodes: majority?.nodes ?? 0 });
  }
}
