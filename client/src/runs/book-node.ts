import type { NodeState } from '@muster/protocol/run';
import type { StoredRunNode } from '../storage/index.ts';
import type { LimitedNode } from './limits.ts';

/** A node in the book of its run. */
export interface BookNode extends LimitedNode {
  state: NodeState;
  answered: boolean;
  issuedAtMs: number | null;
  publishedAtMs: number | null;
  copies: number;
  returned: number;
  noticedAtMs: number | null;
  sinceMs: number;
  hurryAtMs: number | null;
  isTold: boolean;
}

/** A node as another console left it. */
export const knownNode = (stored: StoredRunNode): BookNode => ({
  ...stored,
  sinceMs: 0,
  hurryAtMs: null,
  isTold: false,
});

/** A node that is going to be asked. */
export const newNode = (identity: string): BookNode =>
  knownNode({
    identity,
    state: 'queued',
    answered: false,
    issuedAtMs: null,
    publishedAtMs: null,
    copies: 0,
    returned: 0,
    noticedAtMs: null,
  });

/** States in which an answer still comes on time. */
const openStates: readonly NodeState[] = ['queued', 'sent', 'waiting', 'accepted', 'running'];
export const isOpen = (state: NodeState): boolean => openStates.includes(state);
