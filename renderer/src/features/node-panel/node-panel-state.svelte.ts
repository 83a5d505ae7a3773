import type { BridgeClient, NodeDetail } from '@muster/protocol/bridge';
import { OpenDetail } from '../../ui/open-detail/open-detail.svelte.ts';

/** All that the inventory knows of the node that is open. */
export class NodePanelState extends OpenDetail<NodeDetail> {
  constructor(bridge: BridgeClient) {
    super((identity) => bridge.call('fleet.node', { identity }));
  }
}
