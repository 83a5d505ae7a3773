import type { BridgeClient, Notice } from '@muster/protocol/bridge';

/** What a person has to be told of the database of this console. */
export class NoticesState {
  #notices = $state.raw<readonly Notice[]>([]);
  readonly #bridge: BridgeClient;
  readonly #stopFollowing: () => void;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#stopFollowing = bridge.follow('notices.changes', {}, ({ notices }) => (this.#notices = notices));
  }

  /** Those that nobody has dismissed, the oldest first. */
  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** Says that it was read. It comes back when the console did not take that in. */
  async dismiss(noticeId: number): Promise<void> {
    const before = this.#notices;
    this.#notices = before.filter((notice) => notice.noticeId !== noticeId);
    const dismissed = await this.#bridge.call('notices.dismiss', { noticeId });
    if (!dismissed.ok) this.#notices = before;
  }

  dispose(): void {
    this.#stopFollowing();
  }
}
