import type { BridgeClient, PuppetNode } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { OpenDetail } from '../../ui/open-detail/open-detail.svelte.ts';
import { LastRunLog } from './last-run-log.svelte.ts';

/** What is known of Puppet on the node that is open. */
export class PuppetNodeState extends OpenDetail<PuppetNode> {
  #log = $state.raw<LastRunLog | null>(null);
  /** The same, for those who must not depend on it. */
  #current: LastRunLog | null = null;
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    super((identity) => readNode(bridge, identity));
    this.#bridge = bridge;
  }

  /** The log of its last run, to be read when somebody wants to; null while no node is open. */
  get log(): LastRunLog | null {
    return this.#log;
  }

  override async open(identity: string | null): Promise<void> {
    this.dispose();
    this.#current = identity === null ? null : new LastRunLog(this.#bridge, identity);
    this.#log = this.#current;
    await super.open(identity);
  }

  dispose(): void {
    this.#current?.dispose();
  }
}

async function readNode(bridge: BridgeClient, identity: string): Promise<Result<PuppetNode>> {
  const answer = await bridge.call('puppet.overview', {
    filter: `@identity=="${identity}"`,
    states: [],
    search: '',
    sort: { by: 'identity', descending: false },
    offset: 0,
    limit: 1,
  });
  if (!answer.ok) return answer;
  const [node] = answer.value.rows;
  return node === undefined ? fail('node.unknown', `${identity} has no puppet agent`) : ok(node);
}
