import type { DiscoveryMethod, RunOrder } from '@muster/protocol/bridge';
import type { RunChanges, RunProgress, WantedOfRun } from '../storage/index.ts';
import { nextStep, planOf, type Plan, type Step } from './plan.ts';
import type { RunBook } from './run-book.ts';

/** The plan of a run, and how far it has come in it. */
export class Course {
  readonly #pace: Pick<RunOrder, 'batch' | 'rollout'>;
  #plan: Plan;
  #progress: RunProgress | null;

  /** `progress` is where another console left it; null while its nodes are not known. */
  constructor(pace: Pick<RunOrder, 'batch' | 'rollout'>, total: number, progress: RunProgress | null) {
    this.#pace = pace;
    this.#plan = planOf(pace, total);
    this.#progress = progress;
  }

  /** How the nodes were found; null while they are not known. */
  get method(): DiscoveryMethod | null {
    return this.#progress?.method ?? null;
  }

  /** How far it has come, as that is stored. */
  get stored(): Pick<RunChanges, 'progress'> {
    return this.#progress === null ? {} : { progress: this.#progress };
  }

  /** So many nodes were found. */
  begin(total: number, method: DiscoveryMethod): void {
    this.#plan = planOf(this.#pace, total);
    this.#progress = { method, batchFrom: 0, sleepUntilMs: null, canaryPassed: this.#plan.canaries === 0 };
  }

  advance(changes: Partial<Omit<RunProgress, 'method'>>): void {
    if (this.#progress !== null) this.#progress = { ...this.#progress, ...changes };
  }

  /** What comes next as the nodes fare; null while they are not known. */
  next(
    book: Pick<RunBook, 'asked' | 'atWork' | 'failures' | 'first'>,
    wanted: WantedOfRun,
    nowMs: number,
  ): Step | null {
    if (this.#progress === null) return null;
    const { canaryPassed, batchFrom, sleepUntilMs } = this.#progress;
    return nextStep(this.#plan, {
      nowMs,
      asked: book.asked,
      atWork: book.atWork,
      failures: book.failures,
      canaries: canaryPassed ? { ok: 0, failed: 0 } : book.first(this.#plan.canaries),
      canaryPassed,
      batchFrom,
      sleepUntilMs,
      wanted,
    });
  }
}
