import type { BridgeClient, EndpointResult, RunMarks } from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';

/** What people have put on one run. */
export class RunMarksState {
  #marks = $state.raw<RunMarks | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;
  readonly #runId: string;

  constructor(bridge: BridgeClient, runId: string) {
    this.#bridge = bridge;
    this.#runId = runId;
    void this.#read();
  }

  /** Null until they are read. */
  get marks(): RunMarks | null {
    return this.#marks;
  }
  /** Why the last look or change failed. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Whether the note was written. */
  async annotate(text: string): Promise<boolean> {
    return this.#take(await this.#bridge.call('runs.annotate', { runId: this.#runId, text }));
  }

  async removeNote(noteId: number): Promise<void> {
    this.#take(await this.#bridge.call('runs.removeNote', { runId: this.#runId, noteId }));
  }

  async togglePin(): Promise<void> {
    const isPinned = this.#marks?.pin === null;
    const pinned = await this.#bridge.call('runs.pin', { runIds: [this.#runId], isPinned });
    if (pinned.ok) await this.#read();
    else this.#fault = pinned.error;
  }

  async #read(): Promise<void> {
    this.#take(await this.#bridge.call('runs.marks', { runId: this.#runId }));
  }

  #take(answer: Result<EndpointResult<'runs.marks'>>): boolean {
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#marks = answer.value;
    return answer.ok;
  }
}
