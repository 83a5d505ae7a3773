import type { BridgeClient, ResultDetail } from '@muster/protocol/bridge';
import { OpenDetail } from '../../ui/open-detail/open-detail.svelte.ts';

/** One node's answer in full, read again as long as it can change. */
export class ResultDetailState extends OpenDetail<ResultDetail> {
  constructor(bridge: BridgeClient, runId: string) {
    super((identity) => bridge.call('runs.result', { runId, identity }));
  }

  /** There is news of the run: an answer that has not come yet may be there now. */
  noteNews(): void {
    if (this.detail?.arrivedAtMs == null) void this.read();
  }
}
