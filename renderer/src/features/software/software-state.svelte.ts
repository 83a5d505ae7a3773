import type { BridgeClient, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { recentSubjects, type RecentSubject } from './recent-subjects.ts';
import { isSame, questionOf, questions, subjectKinds, type Subject } from './subject.ts';

/** How many runs of each question are looked through for what was asked before. */
const runsLookedAt = 200;

/** Asks nodes about packages, services and resources by ordinary runs, and finds in the history what was asked before. */
export class SoftwareState {
  #recent = $state.raw<readonly RecentSubject[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isAsking = $state(false);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.load();
  }

  /** What was asked, the newest first; null until the history has told. */
  get recent(): readonly RecentSubject[] | null {
    return this.#recent;
  }
  /** Why the history could not be read, or nothing be asked. */
  get fault(): Fault | null {
    return this.#fault;
  }
  get isAsking(): boolean {
    return this.#isAsking;
  }

  async load(): Promise<void> {
    const answers = await Promise.all(
      subjectKinds.map((kind) =>
        this.#bridge.call('runs.list', { search: '', ...questions[kind], offset: 0, limit: runsLookedAt }),
      ),
    );
    const runs: RunSummary[] = [];
    for (const answer of answers) {
      if (answer.ok) runs.push(...answer.value.runs);
      else this.#fault = answer.error;
    }
    this.#recent = recentSubjects(runs);
  }

  /** The newest run that asked about it; null where none did. */
  lastRun(subject: Subject): RunSummary | null {
    return this.#recent?.find((one) => isSame(one.subject, subject))?.run ?? null;
  }

  /** Asks all nodes that match; gives the run, or null when it was refused (see {@link fault}). */
  async ask(subject: Subject, filter: string): Promise<string | null> {
    if (this.#isAsking) return null;
    this.#isAsking = true;
    const { agent, action, inputs } = questionOf(subject);
    const started = await this.#bridge.call('runs.start', {
      agent,
      action,
      inputs: { ...inputs },
      target: { kind: 'filter', filter },
    });
    this.#isAsking = false;
    this.#fault = started.ok ? null : started.error;
    if (!started.ok) return null;
    void this.load();
    return started.value.runId;
  }

  forgive(): void {
    this.#fault = null;
  }
}
