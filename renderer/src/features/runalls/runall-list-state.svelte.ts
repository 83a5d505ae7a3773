import type { BridgeClient, RunallSummary } from '@muster/protocol/bridge';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';
import { isFinal, isInterrupted } from './runall-figures.ts';

/** Runalls, newest first, as they go on. */
export class RunallListState {
  readonly rows = new PagedRows<RunallSummary>();
  readonly #stopFollowing: () => void;

  constructor(bridge: BridgeClient) {
    this.rows.ask(async (offset, limit) => {
      const answer = await bridge.call('runalls.list', { offset, limit });
      return answer.ok ? { ok: true, value: { total: answer.value.total, rows: answer.value.runalls } } : answer;
    });
    this.#stopFollowing = bridge.follow('puppet.changes', {}, () => this.rows.refresh());
  }

  /** Those that go on now. */
  get live(): readonly RunallSummary[] {
    return this.rows.loaded.filter((runall) => !isFinal(runall) && runall.isConducted);
  }
  /** Those that somebody must pick up. */
  get interrupted(): readonly RunallSummary[] {
    return this.rows.loaded.filter(isInterrupted);
  }

  dispose(): void {
    this.#stopFollowing();
  }
}
