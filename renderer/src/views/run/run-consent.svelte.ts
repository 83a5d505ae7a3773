import type { GuardWatch } from '../../features/guard/guard-watch.svelte.ts';
import type { ComposeState } from './compose-state.svelte.ts';

/** A person's word for a run, asked for where the run needs it. */
export class RunConsent {
  /** Whether a person is being asked. */
  isAsking = $state(false);
  #agreed: () => void = () => undefined;
  readonly #compose: ComposeState;
  readonly #guard: Pick<GuardWatch, 'status'>;

  constructor(compose: ComposeState, guard: Pick<GuardWatch, 'status'>) {
    this.#compose = compose;
    this.#guard = guard;
  }

  /** Goes on at once, or when the person has agreed. */
  ask(go: () => void): void {
    if (!this.#compose.needsConfirmation(this.#guard.status?.typeAbove ?? 0)) return go();
    this.#agreed = go;
    this.isAsking = true;
  }

  agree(): void {
    this.#agreed();
  }
}
